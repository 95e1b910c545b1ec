using System;
using System.Collections.Generic;
using System.Linq;
using FeatureAlignment.Simulation.Storage;

namespace FeatureAlignment.Simulation.Board;

/// <summary>What a kind of board has.</summary>
public sealed record BoardModel
{
    private const long Megabyte = 1 << 20;

    private BoardModel(string name, string board, FlashProperties? card, int screenWidth, int screenHeight)
    {
        Name = name;
        Board = board;
        Card = card;
        ScreenWidth = screenWidth;
        ScreenHeight = screenHeight;
    }

    /// <summary>F7 Feather v2: no card slot; a display of 240 x 240 is often wired to it.</summary>
    public static BoardModel F7Feather { get; } = new("f7feather", "F7FeatherV2", null, 240, 240);

    /// <summary>F7 Core-Compute v2 on a Project Lab: a card slot and a display of 320 x 240.</summary>
    public static BoardModel CoreCompute { get; } = new("corecompute", "F7CoreComputeV2", FlashProperties.SdCard, 320, 240);

    /// <summary>All boards.</summary>
    public static IReadOnlyList<BoardModel> All { get; } = new[] { F7Feather, CoreCompute };

    /// <summary>The word for it on a command line.</summary>
    public string Name { get; }

    /// <summary>How the board calls itself.</summary>
    public string Board { get; }

    /// <summary>64 MB of flash, part of which the operating system has.</summary>
    public FlashProperties Flash { get; } = FlashProperties.OnBoardFlash with { CapacityBytes = 60 * Megabyte };

    /// <summary>The card; null without a slot.</summary>
    public FlashProperties? Card { get; }

    /// <summary>Width of the display in pixels.</summary>
    public int ScreenWidth { get; }

    /// <summary>Height of the display in pixels.</summary>
    public int ScreenHeight { get; }

    /// <summary>Cap of the managed heap.</summary>
    public long HeapBytes { get; } = 16 * Megabyte;

    /// <summary>The board of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static BoardModel Of(string name) => All.FirstOrDefault(board => board.Name == name)
        ?? throw new ArgumentException(
            $"Board must be one of {string.Join(", ", All.Select(board => board.Name))}; was {name}.", nameof(name));
}
