using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Sensors;
using NUnit.Framework;

namespace FeatureAlignment.Device.Tests.Sensors;

[TestFixture]
public sealed class SensorChannelTests
{
    // In the scripts below a letter stands for a reading: d gives a new value, s the same as before, n NaN, i infinity, x throws.
    [TestCase("ddxddndd", "dd-dd-dd", TestName = "Read_SingleBadReadings_AreLeftOutWithoutIllness")]
    [TestCase("dxxx", "d--I", TestName = "Read_ThreeExceptions_MakeIll")]
    [TestCase("dnin", "d--I", TestName = "Read_ThreeValuesThatAreNotFinite_MakeIll")]
    [TestCase("xxxddd", "--I--W", TestName = "Read_ThreeGoodReadings_MakeWellAgain")]
    [TestCase("xxxddxddd", "--I-----W", TestName = "Read_ABadReadingAmongGoodOnes_StaysIll")]
    [TestCase("dssss", "ddddI", TestName = "Read_FiveEqualReadings_MakeIllAtOnce")]
    [TestCase("dssssssddd", "ddddI----W", TestName = "Read_AStuckSensorThatMovesAgain_IsWellAfterThree")]
    [TestCase("dssxss", "ddd-dI", TestName = "Read_AnExceptionAmongEqualReadings_DoesNotUnstick")]
    public void Readings_Follow(string script, string expected)
    {
        var channel = new SensorChannel(new ScriptedSensor(script), 5);
        var seen = new List<char>();
        foreach (char _ in script)
        {
            float value = channel.Read();
            seen.Add(channel.HasChanged ? (channel.IsWell ? 'W' : 'I') : float.IsNaN(value) ? '-' : 'd');
            Assert.That(float.IsNaN(value), Is.EqualTo(seen.Last() is '-' or 'I'));
        }

        Assert.That(new string(seen.ToArray()), Is.EqualTo(expected));
    }

    [TestCase("xxx", "threw TimeoutException: no answer")]
    [TestCase("nnn", "is not a finite number")]
    [TestCase("dssss", "gave 1 for 5 readings")]
    public void LastFault_SaysWhy(string script, string fault)
    {
        var channel = new SensorChannel(new ScriptedSensor(script), 5);
        foreach (char _ in script)
        {
            channel.Read();
        }

        Assert.That(channel.LastFault, Is.EqualTo(fault));
    }

    private sealed class ScriptedSensor(string script) : ISensor
    {
        private int next;
        private float value;

        public string Name => "scripted";

        public string Unit => "";

        public float Read() => script[next++] switch
        {
            'd' => ++value,
            's' => value,
            'n' => float.NaN,
            'i' => float.PositiveInfinity,
            _ => throw new TimeoutException("no answer"),
        };
    }
}
