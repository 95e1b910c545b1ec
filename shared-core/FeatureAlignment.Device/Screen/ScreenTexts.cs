using FeatureAlignment.Device.Platform;
using FeatureAlignment.Device.Settings;

namespace FeatureAlignment.Device.Screen;

/// <summary>What the screen says of a model, in words and figures. Each writes into an empty buffer.</summary>
internal static class ScreenTexts
{
    public static void State(TextBuffer text, ScreenModel model) => text.Add(model.State switch
    {
        IndicatorState.Starting => "STARTING",
        IndicatorState.Learning => "LEARNING",
        IndicatorState.Watching => "WATCHING",
        IndicatorState.Alarm => "ALARM",
        IndicatorState.Paused => "PAUSED",
        _ => "FAULT",
    });

    public static void Goal(TextBuffer text, ScreenModel model) => text.Add(model.Goal switch
    {
        LearningGoal.Anomaly => "anomaly",
        LearningGoal.Classification => "classification",
        _ => "reconstruction",
    });

    public static void Layer(TextBuffer text, ScreenModel model)
    {
        int count = model.LayerOutputs.Count;
        if (model.LayerNumber > 0)
        {
            text.Add("layer ").Add(model.LayerNumber).Add(" of ").Add(count);
        }
        else
        {
            text.Add(count).Add(count == 1 ? " layer" : " layers");
        }
    }

    /// <summary>The figure that counts for the goal.</summary>
    public static void MainFigure(TextBuffer text, ScreenModel model)
    {
        switch (model.Goal)
        {
            case LearningGoal.Anomaly:
                text.AddShort(model.Score);
                break;
            case LearningGoal.Classification when model.PredictedClass >= 0:
                text.Add(model.PredictedClass);
                break;
            case LearningGoal.Classification:
                text.AddFixed(model.Accuracy * 100.0, 1);
                if (!float.IsNaN(model.Accuracy))
                {
                    text.Add('%');
                }

                break;
            default:
                text.AddShort(model.ReconstructionError);
                break;
        }
    }

    public static void MainName(TextBuffer text, ScreenModel model) => text.Add(model.Goal switch
    {
        LearningGoal.Anomaly => "Score, limit 1",
        LearningGoal.Classification => model.PredictedClass >= 0 ? "Class" : "Accuracy",
        _ => "Reconstruction error",
    });

    /// <summary>What the main figure means.</summary>
    public static void MainMeaning(TextBuffer text, ScreenModel model)
    {
        switch (model.Goal)
        {
            case LearningGoal.Anomaly:
                text.Add(float.IsNaN(model.Score) ? "none yet" : model.Score > 1 ? "ABOVE limit" : "normal");
                break;
            case LearningGoal.Classification when model.PredictedClass >= 0:
                text.Add("class, by sensors");
                break;
            case LearningGoal.Classification:
                text.Add(float.IsNaN(model.Accuracy) ? "none yet" : "of the test samples");
                break;
            default:
                text.Add(float.IsNaN(model.ReconstructionError) ? "none yet" : "mean square");
                break;
        }
    }

    public static void Uplink(TextBuffer text, ScreenModel model) => text.Add(model.Uplink switch
    {
        UplinkState.Online => "online",
        UplinkState.Offline => "offline",
        _ => "off",
    });

    /// <summary>The state of the uplink, and what waits for it.</summary>
    public static void UplinkAndSpool(TextBuffer text, ScreenModel model)
    {
        Uplink(text, model);
        if (model.Uplink == UplinkState.Offline)
        {
            text.Add(' ').Add((model.SpoolBytes + 1023) / 1024).Add('K');
        }
    }

    public static void Memory(TextBuffer text, ScreenModel model)
    {
        if (model.MemoryUsedBytes < 0)
        {
            text.Add('–');
            return;
        }

        AddMegabytes(text, model.MemoryUsedBytes);
        if (model.MemoryBudgetBytes > 0)
        {
            text.Add('/');
            AddMegabytes(text, model.MemoryBudgetBytes);
        }

        text.Add(" MB");
    }

    public static void LossTop(TextBuffer text, ScreenModel model) => AddTop(text, CurveWidget.Top(model.LossCurve, double.NaN));

    public static void ScoreTop(TextBuffer text, ScreenModel model) => AddTop(text, CurveWidget.Top(model.ScoreCurve, 1));

    /// <summary>One layer of the network: its number, its outputs, and how far it is.</summary>
    public static void LayerRow(TextBuffer text, ScreenModel model, int rowIndex, int rowCount)
    {
        int count = model.LayerOutputs.Count;

        // Where there are more layers than rows, those around the one in training.
        int first = System.Math.Max(0, System.Math.Min(model.LayerNumber - 1 - (rowCount / 2), count - rowCount));
        int index = first + rowIndex;
        if (index >= count)
        {
            return;
        }

        int outputs = model.LayerOutputs[index];
        text.Add(index + 1);
        for (int digits = 10; digits <= 10_000; digits *= 10)
        {
            if (outputs < digits)
            {
                text.Add(' ');
            }
        }

        bool isInTraining = model.State == IndicatorState.Learning && (model.LayerNumber == 0 || model.LayerNumber == index + 1);
        text.Add(' ').Add(outputs).Add(index < model.FinishedLayers ? " finished" : isInTraining ? " learning" : " waiting");
    }

    /// <summary>What explains an anomaly; else the last message.</summary>
    public static void ExplanationOrMessage(TextBuffer text, ScreenModel model)
    {
        if (model.Explanation.Length > 0)
        {
            text.Add("by ").Add(model.Explanation);
        }
        else
        {
            text.Add(model.Message);
        }
    }

    private static void AddMegabytes(TextBuffer text, long bytes)
    {
        const double Mega = 1024 * 1024;
        text.AddFixed(bytes / Mega, bytes % (1024 * 1024) == 0 ? 0 : 1);
    }

    private static void AddTop(TextBuffer text, double top)
    {
        text.Add("top ");
        if (top < 1e-6 || top > 1e6)
        {
            text.Add('–');
            return;
        }

        int decimals = 0;
        for (double scaled = top; scaled < 0.999; scaled *= 10)
        {
            decimals++;
        }

        text.AddFixed(top, decimals);
    }
}
