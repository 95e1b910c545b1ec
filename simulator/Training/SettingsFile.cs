using System;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using FeatureAlignment.Alignment;
using FeatureAlignment.Layers;
using FeatureAlignment.Optimizers;
using FeatureAlignment.Simulator.Reports;
using FeatureAlignment.Training;

namespace FeatureAlignment.Simulator.Training;

/// <summary>Settings as the text of a run's settings.json: every property, in camelCase; unknown ones are refused.</summary>
internal static class SettingsFile
{
    public static string Write(TrainSettings settings) => JsonSerializer.Serialize(settings, SettingsJson.Default.TrainSettings) + "\n";

    /// <exception cref="RunFileFormatException">The text is no settings, or holds values that training could not take.</exception>
    /// <param name="json">Text of the file.</param>
    /// <param name="path">Where it was read, for the message.</param>
    public static TrainSettings Read(string json, string path)
    {
        TrainSettings settings;
        try
        {
            settings = JsonSerializer.Deserialize(json, SettingsJson.Default.TrainSettings)
                ?? throw new RunFileFormatException($"Settings must be a JSON object; {path} holds null; restore it, or start a new run.");
        }
        catch (JsonException exception)
        {
            throw new RunFileFormatException(
                $"Settings can't be read from {path}: {exception.Message} Restore it, or start a new run.", exception);
        }

        return TrainSettingsCheck.Faults(settings).FirstOrDefault() is { } fault
            ? throw new RunFileFormatException($"Settings in {path} are out of range: {fault} Restore it, or start a new run.")
            : settings;
    }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    Converters =
    [
        typeof(CamelCaseEnum<Preset>),
        typeof(CamelCaseEnum<LearningRule>),
        typeof(CamelCaseEnum<LabelMode>),
        typeof(CamelCaseEnum<LayerSchedule>),
        typeof(CamelCaseEnum<Activation>),
        typeof(CamelCaseEnum<OptimizerKind>),
        typeof(CamelCaseEnum<LearningRateDecay>),
        typeof(CamelCaseEnum<InputGuess>),
        typeof(CamelCaseEnum<InitialWeights>),
        typeof(CamelCaseEnum<KernelForm>),
    ])]
[JsonSerializable(typeof(TrainSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;

internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
