using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Checkpoints;
using NUnit.Framework;

namespace FeatureAlignment.Tests.Support;

/// <summary>
/// Checkpoints whose right content is known from their number: a file holds values that follow from its name and from the step that
/// wrote it, the position holds the step.
/// </summary>
public static class CheckpointScript
{
    public const string Kind = "layer";

    /// <summary>Commits step after step; "+" writes a layer, "=" keeps it. The last layer takes more than one block.</summary>
    public static readonly string[] Steps =
    {
        "+layer-0 +layer-1",
        "+layer-0 =layer-1",
        "+layer-0 +layer-1",
        "=layer-0 +layer-1 +layer-2",
        "+layer-0 =layer-1 =layer-2",
        "=layer-0 =layer-1 =layer-2",
    };

    /// <summary>Which step wrote each file, after a step.</summary>
    public static Dictionary<string, int> Next(IReadOnlyDictionary<string, int> writers, int step, string actions) =>
        actions.Split(' ').ToDictionary(action => action[1..], action => action[0] == '+' ? step : writers[action[1..]]);

    /// <summary>Which step wrote each file, after a step of <see cref="Steps"/>; steps are numbered from 1.</summary>
    public static Dictionary<string, int> After(int step)
    {
        var writers = new Dictionary<string, int>();
        for (int i = 1; i <= step; i++)
        {
            writers = Next(writers, i, Steps[i - 1]);
        }

        return writers;
    }

    public static CheckpointGeneration Commit(CheckpointStore store, int step, string actions)
    {
        using CheckpointTransaction transaction = store.Begin();
        Apply(transaction, step, actions);
        return transaction.Commit(writer => writer.Write("step", step));
    }

    public static void Apply(CheckpointTransaction transaction, int step, string actions)
    {
        foreach (string action in actions.Split(' '))
        {
            string name = action[1..];
            if (action[0] == '+')
            {
                transaction.Write(name, Kind, writer => writer.Write("weights", Values(name, step)));
            }
            else
            {
                transaction.Keep(name);
            }
        }
    }

    public static void AssertHolds(CheckpointGeneration? generation, int step, IReadOnlyDictionary<string, int> writers)
    {
        Assert.That(generation, Is.Not.Null);
        int foundStep = 0;
        generation!.ReadPosition(reader => foundStep = reader.ReadInt("step"));
        Assert.That(foundStep, Is.EqualTo(step));
        Assert.That(generation.Files.Select(file => file.Name), Is.EquivalentTo(writers.Keys));
        foreach ((string name, int writer) in writers)
        {
            float[] expected = Values(name, writer);
            var found = new float[expected.Length];
            generation.Read(name, Kind, reader => reader.ReadFloats("weights", found));
            if (!found.AsSpan().SequenceEqual(expected))
            {
                Assert.That(found, Is.EqualTo(expected), name);
            }
        }
    }

    private static float[] Values(string name, int step)
    {
        int count = name == "layer-2" ? 1100 : 5;
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (step * 10) + (name[^1] - '0') + (i / 4096f);
        }

        return values;
    }
}
