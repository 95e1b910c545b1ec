namespace FeatureAlignment.Simulator.Training;

// Choices of the command line that the core does not know. As all of them, written in camelCase there and in settings.json.

/// <summary>Where settings start from: <see cref="TrainPresets"/>.</summary>
internal enum Preset
{
    Quick,
    Board,
    Accurate,
}

/// <summary>Which arithmetic a training uses.</summary>
internal enum KernelForm
{
    /// <summary>The fastest that the machine has.</summary>
    Auto,

    /// <summary>The plain one, whose results equal a board's bit for bit.</summary>
    Scalar,
}
