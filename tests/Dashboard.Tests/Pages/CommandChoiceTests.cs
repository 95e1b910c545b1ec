using System.Globalization;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Device.Commands;
using FeatureAlignment.Telemetry;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class CommandChoiceTests
{
    [TestCaseSource(typeof(CommandChoice), nameof(CommandChoice.All))]
    public void Choice_AtBothEndsOfItsRange_IsACommandThatDevicesKnow(CommandChoice choice)
    {
        foreach (double value in new[] { choice.Smallest, choice.Largest })
        {
            string sent = value.ToString(CultureInfo.InvariantCulture);
            TelemetryCommand? command = CommandChoice.Make(choice.Key, sent, 0, out string? problem);

            Assert.That(problem, Is.Null);
            Assert.That(CommandCatalog.FindProblem(command!), Is.Null);
        }
    }
}
