using System;
using FeatureAlignment.Datasets;
using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Screen;
using FeatureAlignment.Device.Settings;

namespace FeatureAlignment.Device.Tests.Screen;

/// <summary>Models as they are in the middle of things, so that every part of a page has something to show.</summary>
internal static class ScreenStates
{
    public const int Side = 28;

    /// <summary>A board that learns digits, its second layer of three.</summary>
    public static ScreenModel LearningDigits()
    {
        ScreenModel model = new(LearningGoal.Classification, [256, 128, 64])
        {
            State = IndicatorState.Learning,
            LayerNumber = 2,
            FinishedLayers = 1,
            Accuracy = 0.974f,
            ReconstructionError = 0.0247f,
            SampleCount = 41_250,
            SamplesPerSecond = 31.24f,
            Message = "checkpoint 17 saved",
        };
        for (int i = 0; i < 300; i++)
        {
            model.AddLoss(0.012f + (0.08f / (1 + (i / 20f))) + (0.002f * (i * 7 % 5)));
        }

        float[] digit = new float[Side * Side];
        new SyntheticDigits(seed: 1, count: 10).Read(3, digit);
        model.Input.SetImage(digit, Side, Side);
        model.Reconstruction.SetImage(Array.ConvertAll(digit, value => (0.8f * value) + 0.06f), Side, Side);
        FillHealth(model, UplinkState.Online);
        return model;
    }

    /// <summary>A board that watches a machine whose bearing wears, offline, in alarm.</summary>
    public static ScreenModel Alarm()
    {
        ScreenModel model = new(LearningGoal.Anomaly, [32, 12])
        {
            State = IndicatorState.Alarm,
            FinishedLayers = 2,
            Threshold = 0.0213f,
            ZScore = 2.4f,
            AnomalyCount = 3,
            Explanation = "acceleration_x",
            SampleCount = 60_480,
            SamplesPerSecond = 0.0167f,
            Message = "anomaly 3 began at 14:07, acceleration_x",
        };
        for (int i = 0; i < 150; i++)
        {
            model.AddLoss(0.02f + (0.05f / (1 + i)));
            model.AddScore(0.45f + (0.1f * MathF.Sin(i * 0.7f)) + (i > 110 ? (i - 110) * 0.028f : 0));
        }

        float[] window = new float[6 * 12];
        for (int i = 0; i < window.Length; i++)
        {
            window[i] = MathF.Sin((i / 12 * 0.9f) + (i % 12 * 0.5f));
        }

        model.Input.SetWindow(window, channels: 6, readings: 12, black: -1.2f, white: 1.2f);
        model.Reconstruction.SetWindow(Array.ConvertAll(window, value => 0.7f * value), 6, 12, -1.2f, 1.2f);
        FillHealth(model, UplinkState.Offline);
        return model;
    }

    /// <summary>A board that has just been switched on and knows nothing.</summary>
    public static ScreenModel Starting() => new(LearningGoal.Reconstruction, [64]);

    private static void FillHealth(ScreenModel model, UplinkState uplink)
    {
        model.Uplink = uplink;
        model.SpoolBytes = 12_700;
        model.MemoryUsedBytes = 1_950_000;
        model.MemoryBudgetBytes = 3 << 20;
        model.Uptime = new TimeSpan(3, 4, 12, 30);
    }
}
