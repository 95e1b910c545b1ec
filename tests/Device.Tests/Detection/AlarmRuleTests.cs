using System;
using System.Linq;
using FeatureAlignment.Device.Detection;
using FeatureAlignment.Device.Sensors;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Detection;

[TestFixture]
public sealed class AlarmRuleTests
{
    // Three of five. Upper case: a change.
    [TestCase("..x.x..", ".......", TestName = "Add_TwoOfFive_IsNoAlarm")]
    [TestCase("x.x.x", "....S", TestName = "Add_ThreeOfFive_StartsAnAlarm")]
    [TestCase("x..x..x", ".......", TestName = "Add_ThreeOfSeven_IsNoAlarm")]
    public void Alarm_Follows(string windows, string expected) => Assert.That(Follow(windows), Is.EqualTo(expected));

    // Two of the last five are half of three: the last such window is the fourth after x, the fourth after Raise; then 40 quiet ones.
    [Test]
    public void Add_FortyWindowsAfterHalfOfKWereLeft_EndsTheAlarm()
    {
        string quiet = new('.', 50);
        Assert.That(Follow("xxx" + quiet).IndexOf('E', StringComparison.Ordinal), Is.EqualTo(2 + 3 + 40));
        string twice = Follow("xxx" + quiet.Remove(30) + "xx" + quiet);
        Assert.That(twice.IndexOf('E', StringComparison.Ordinal), Is.EqualTo(2 + 30 + 2 + 3 + 40));
    }

    [Test]
    public void Raise_LastsUntilTheWindowsAreGoneAndQuiet()
    {
        var rule = new AlarmRule(3, 5);
        rule.Raise();
        Assert.That(Enumerable.Range(1, 60).First(_ => rule.Add(false)), Is.EqualTo(3 + 40));
    }

    [Test]
    public void Clear_EndsAndForgets()
    {
        var rule = new AlarmRule(2, 4);
        rule.Add(true);
        rule.Add(true);
        rule.Clear();
        Assert.That((rule.IsAlarm, rule.Add(true)), Is.EqualTo((false, false)));
    }

    [Test]
    public void KthLargest_IsThatOfTheLastN()
    {
        var second = new KthLargest(2, 3);
        Assert.That(new double[] { 5, 1, 3, 2, 9, 4 }.Select(second.Add), Is.EqualTo(new double[] { 5, 1, 3, 2, 3, 4 }));
    }

    [Test]
    public void ZScore_IsTheLargestMeanOfAChannel()
    {
        var window = new SensorWindow(3, 2);
        new float[] { 1, 3, -4, -1, 9, 9 }.CopyTo(window.Values, 0);
        window.LeaveOut(2, true);

        // Means 2 and −2.5; the third is left out.
        Assert.That(ZScoreBaseline.Measure(window), Is.EqualTo(2.5));
    }

    private static string Follow(string windows)
    {
        var rule = new AlarmRule(3, 5);
        char Add(char window) => rule.Add(window == 'x') ? (rule.IsAlarm ? 'S' : 'E') : rule.IsAlarm ? 'a' : '.';
        return new string(windows.Select(Add).ToArray());
    }
}
