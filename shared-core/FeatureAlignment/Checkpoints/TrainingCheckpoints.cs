using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using FeatureAlignment.Evaluation;
using FeatureAlignment.Layers;
using FeatureAlignment.Training;

namespace FeatureAlignment.Checkpoints;

/// <summary>
/// Saves a training so that it goes on to the bit, and keeps the finished layers of a layerwise training. Each layer has a file of its own;
/// a finished layer is written once and kept from generation to generation.
/// </summary>
public sealed class TrainingCheckpoints : ILayerStore, IDisposable
{
    // Open files cost memory, on a board more than their rows do: layers from the last of so many on share one, opened as each is needed.
    private const int MostOpenFiles = 8;

    private readonly CheckpointStore store;
    private readonly TrainingOptions options;
    private readonly IReadOnlyList<LayerSpec> layers;
    private readonly FrozenFile?[] frozen;
    private readonly (long Weights, long Bias, long LabelBias)[] offsets;
    private int sharedSlotLayer = -1;
    private CheckpointGeneration? latest;
    private StreamRowStorage? rows;

    /// <summary>Creates the link between a training and its checkpoints; nothing is read yet.</summary>
    /// <param name="store">Where generations are kept.</param>
    /// <param name="options">The settings of the training.</param>
    /// <param name="inputs">Features of a sample.</param>
    /// <param name="classes">Classes of the samples, 0 without labels.</param>
    /// <exception cref="ArgumentException">The settings do not fit the samples.</exception>
    public TrainingCheckpoints(CheckpointStore store, TrainingOptions options, int inputs, int classes)
    {
        ArgumentChecks.NotNull(store, nameof(store));
        ArgumentChecks.NotNull(options, nameof(options));
        this.store = store;
        this.options = options;
        layers = options.CreateLayerSpecs(inputs, classes);
        frozen = new FrozenFile?[Math.Min(layers.Count, MostOpenFiles)];
        offsets = new (long, long, long)[layers.Count];
    }

    /// <summary>
    /// What else belongs to the training, such as the scales of its inputs: saved in every generation, restored from it, each in a file of
    /// its own. Default: nothing.
    /// </summary>
    public IReadOnlyList<ICheckpointPart> Parts { get; init; } = Array.Empty<ICheckpointPart>();

    /// <summary>Writes a new generation: the layers in memory, the parts, the position; finished layers are kept as they are.</summary>
    /// <exception cref="NonFiniteParametersException">A parameter is not finite; nothing is written.</exception>
    /// <exception cref="IOException">The storage fails or is full; the last generation remains usable.</exception>
    public void Save(Trainer trainer)
    {
        ArgumentChecks.NotNull(trainer, nameof(trainer));
        foreach (ResidentLayer resident in trainer.ResidentLayers)
        {
            RequireFinite(resident.Index, resident.Layer);
        }

        using CheckpointTransaction transaction = store.Begin();
        KeepFrozen(transaction, trainer.Position.LayerIndex);
        foreach (ResidentLayer resident in trainer.ResidentLayers)
        {
            transaction.Write(
                LayerFile.NameOf(resident.Index), LayerFile.Kind, writer => LayerFile.Write(writer, resident.Layer, resident.State));
        }

        WriteParts(transaction);
        Commit(transaction, trainer.Position);
    }

    /// <summary>Puts the newest usable generation into a training that was built with the same settings.</summary>
    /// <returns>False when there is no checkpoint yet; the training then starts from its beginning.</returns>
    /// <exception cref="CheckpointFormatException">No generation is usable, or it is of other settings.</exception>
    public bool Restore(Trainer trainer)
    {
        ArgumentChecks.NotNull(trainer, nameof(trainer));
        if (Open() is not { } generation)
        {
            return false;
        }

        TrainingPosition position = ReadPosition(generation);
        try
        {
            trainer.Restore(position);
        }
        catch (ArgumentException fault)
        {
            // The file is sound and the trainer too: they do not belong together.
            throw new CheckpointFormatException(generation.RecordFileName, fault.Message);
        }

        foreach (ResidentLayer resident in trainer.ResidentLayers)
        {
            string name = LayerFile.NameOf(resident.Index);

            // A layer without a file has not begun to learn: it starts from its seed, as it would have.
            if (generation.Find(name) is not null)
            {
                generation.Read(name, LayerFile.Kind, reader => LayerFile.Read(reader, resident.Layer, resident.State));
            }
        }

        foreach (ICheckpointPart part in Parts)
        {
            if (generation.Find(part.Name) is not null)
            {
                generation.Read(part.Name, part.Kind, part.Read);
            }
        }

        return true;
    }

    /// <summary>Where the newest usable generation stands; null when there is none.</summary>
    /// <exception cref="CheckpointFormatException">As <see cref="Restore"/>.</exception>
    public TrainingPosition? ReadPosition() => Open() is { } generation ? ReadPosition(generation) : null;

    /// <summary>The layers of the newest usable generation, without those that have not begun to learn; null when there is none.</summary>
    /// <exception cref="CheckpointFormatException">As <see cref="Restore"/>.</exception>
    public Network? LoadNetwork()
    {
        if (Open() is not { } generation)
        {
            return null;
        }

        // Refuses a checkpoint of other settings before any of its layers is taken for one of these.
        ReadPosition(generation);
        var loaded = new List<DenseLayer>();
        for (int i = 0; i < layers.Count && generation.Find(LayerFile.NameOf(i)) is not null; i++)
        {
            var layer = new DenseLayer(layers[i]);
            generation.Read(LayerFile.NameOf(i), LayerFile.Kind, reader => LayerFile.ReadParametersOnly(reader, layer));
            loaded.Add(layer);
        }

        return loaded.Count == 0 ? null : new Network(options, loaded);
    }

    /// <inheritdoc/>
    /// <exception cref="NonFiniteParametersException">A parameter is not finite; nothing is written.</exception>
    public void Freeze(int layerIndex, DenseLayer layer, in TrainingPosition resumeAt)
    {
        ArgumentChecks.NotNull(layer, nameof(layer));
        RequireFinite(layerIndex, layer);
        using CheckpointTransaction transaction = store.Begin();
        KeepFrozen(transaction, layerIndex);
        transaction.Write(LayerFile.NameOf(layerIndex), LayerFile.Kind, writer => LayerFile.Write(writer, layer, null));
        WriteParts(transaction);
        Commit(transaction, resumeAt);
    }

    /// <summary>
    /// Called after each block of rows that is read or written while layers learn from storage: the place to feed a watchdog, because
    /// one step of such a training takes long. Default: nothing.
    /// </summary>
    public Action? BlockDone { get; set; }

    /// <inheritdoc/>
    public void ReadRows(int layerIndex, int firstRow, Span<float> rows)
    {
        FrozenFile file = OpenFrozen(layerIndex);
        file.Read(offsets[layerIndex].Weights + ((long)firstRow * layers[layerIndex].RowLength * sizeof(float)), rows);
        BlockDone?.Invoke();
    }

    /// <inheritdoc/>
    public void ReadBias(int layerIndex, Span<float> bias)
    {
        FrozenFile file = OpenFrozen(layerIndex);
        file.Read(offsets[layerIndex].Bias, bias);
    }

    /// <inheritdoc/>
    public void ReadLabelBias(int layerIndex, Span<float> labelBias)
    {
        FrozenFile file = OpenFrozen(layerIndex);
        file.Read(offsets[layerIndex].LabelBias, labelBias);
    }

    /// <inheritdoc/>
    public IRowStorage OpenRows(int layerIndex)
    {
        LayerSpec spec = layers[layerIndex];
        rows?.Dispose();
        rows = new StreamRowStorage(
            store.OpenScratch($"rows-{layerIndex}", (long)spec.Outputs * spec.RowLength * sizeof(float)),
            spec.RowLength,
            () => BlockDone?.Invoke());
        return rows;
    }

    /// <summary>Closes the files of finished layers and of the rows in storage.</summary>
    public void Dispose()
    {
        rows?.Dispose();
        for (int i = 0; i < frozen.Length; i++)
        {
            frozen[i]?.Dispose();
            frozen[i] = null;
        }
    }

    private void WriteParts(CheckpointTransaction transaction)
    {
        foreach (ICheckpointPart part in Parts)
        {
            transaction.Write(part.Name, part.Kind, part.Write);
        }
    }

    private static void KeepFrozen(CheckpointTransaction transaction, int count)
    {
        for (int i = 0; i < count; i++)
        {
            transaction.Keep(LayerFile.NameOf(i));
        }
    }

    private static void RequireFinite(int layerIndex, DenseLayer layer)
    {
        bool isFinite = !HasNonFinite(layer.Bias) && !HasNonFinite(layer.LabelBias);
        for (int row = 0; row < layer.Spec.Outputs && isFinite; row += layer.BlockRows)
        {
            int rows = Math.Min(layer.BlockRows, layer.Spec.Outputs - row);
            layer.LoadRows(row, rows);
            isFinite = !HasNonFinite(layer.WeightData.AsSpan(0, rows * layer.Spec.RowLength));
        }

        if (!isFinite)
        {
            throw new NonFiniteParametersException(layerIndex);
        }
    }

    // x − x is 0 for every finite number and NaN for all others.
    private static bool HasNonFinite(ReadOnlySpan<float> values)
    {
        float sum = 0;
        foreach (float value in values)
        {
            sum += value - value;
        }

        return sum != 0 || float.IsNaN(sum);
    }

    private CheckpointGeneration? Open() => latest ??= store.OpenLatest();

    private void Commit(CheckpointTransaction transaction, TrainingPosition position) => latest = transaction.Commit(writer =>
    {
        writer.Write("seed", options.Seed);
        writer.Write("rule", (int)options.Rule);
        writer.Write("schedule", (int)options.Schedule);
        writer.Write("layers", layers.Count);
        writer.Write("settings", DescribeSettings());
        writer.Write("layer", position.LayerIndex);
        writer.Write("epoch", position.EpochIndex);
        writer.Write("sample", position.SampleIndex);
        writer.Write("step", position.StepIndex);
        writer.Write("samples-seen", position.SamplesSeen);
    });

    private TrainingPosition ReadPosition(CheckpointGeneration generation)
    {
        TrainingPosition position = default;
        generation.ReadPosition(reader =>
        {
            Require(reader, "seed", reader.ReadULong("seed"), options.Seed);
            Require(reader, "rule", (ulong)reader.ReadInt("rule"), (ulong)options.Rule);
            Require(reader, "schedule", (ulong)reader.ReadInt("schedule"), (ulong)options.Schedule);
            Require(reader, "layers", (ulong)reader.ReadInt("layers"), (ulong)layers.Count);
            RequireSettings(reader, reader.ReadString("settings"));
            position = new TrainingPosition
            {
                LayerIndex = reader.ReadInt("layer"),
                EpochIndex = reader.ReadInt("epoch"),
                SampleIndex = reader.ReadInt("sample"),
                StepIndex = reader.ReadLong("step"),
                SamplesSeen = reader.ReadLong("samples-seen"),
            };
        });
        return position;
    }

    /// <summary>Every setting that changes what is learned from here on, beside those that have a field of their own.</summary>
    private string DescribeSettings() => string.Format(
        CultureInfo.InvariantCulture,
        "epochs {0}, batch {1}, {2} {3:G9} {4}, alpha {5:G9}, beta {6:G9}, steps {7} of {8:G9} from {9}, "
        + "relu bias {10:G9}, dropped {11:G9}",
        options.Epochs, options.Batch, options.Optimizer, options.LearningRate.InitialRate, options.LearningRate.Decay,
        options.Alignment.AlignmentWeight, options.Alignment.LabelWeight, options.Alignment.Steps, options.Alignment.StepSize,
        options.Alignment.Guess, options.Alignment.SmallestReluBias, options.DropPixels)
        + (options.LearningRate.Floor > 0 ? FormattableString.Invariant($", floor {options.LearningRate.Floor:G9}") : "");

    private void RequireSettings(CheckpointReader reader, string found)
    {
        if (found != DescribeSettings())
        {
            throw new CheckpointFormatException(
                reader.FileName,
                $"settings must be '{DescribeSettings()}'; are '{found}'. Use the settings the checkpoint was written with.");
        }
    }

    private static void Require(CheckpointReader reader, string name, ulong found, ulong expected)
    {
        if (found != expected)
        {
            throw new CheckpointFormatException(
                reader.FileName,
                $"field '{name}' must be {expected}, as the settings say; is {found}. Use the settings the checkpoint was written with.");
        }
    }

    private FrozenFile OpenFrozen(int layerIndex)
    {
        int slot = Math.Min(layerIndex, MostOpenFiles - 1);
        bool isShared = slot == MostOpenFiles - 1;
        if (frozen[slot] is { } open && (!isShared || sharedSlotLayer == layerIndex))
        {
            return open;
        }

        frozen[slot]?.Dispose();
        frozen[slot] = null;
        CheckpointFile file = Open()?.Find(LayerFile.NameOf(layerIndex))
            ?? throw new ArgumentException($"A frozen layer must be in the checkpoint; layer {layerIndex} is not.", nameof(layerIndex));
        Stream stream = store.OpenRead(file);
        try
        {
            if (offsets[layerIndex].Weights == 0)
            {
                // Verified once; a finished layer's file does not change.
                CheckpointReader reader = CheckpointReader.Open(stream, file.FileName, LayerFile.Kind);
                offsets[layerIndex] = LayerFile.Locate(reader, layers[layerIndex]);
                reader.Complete();
            }

            sharedSlotLayer = isShared ? layerIndex : sharedSlotLayer;
            return frozen[slot] = new FrozenFile(file.FileName, stream);
        }
        catch
        {
            offsets[layerIndex] = default;
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The open file of a finished layer.</summary>
    private sealed class FrozenFile : IDisposable
    {
        private readonly string name;
        private readonly Stream stream;

        public FrozenFile(string name, Stream stream)
        {
            this.name = name;
            this.stream = stream;
        }

        public void Read(long offset, Span<float> values)
        {
            if (!StreamRowStorage.TryRead(stream, offset, values))
            {
                throw new EndOfStreamException(
                    $"{name}: the file of a finished layer must stay as it is while others learn; it has become shorter.");
            }
        }

        public void Dispose() => stream.Dispose();
    }
}
