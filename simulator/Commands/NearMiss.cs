using System;
using System.Collections.Generic;
using System.Linq;

namespace FeatureAlignment.Simulator.Commands;

/// <summary>Finds the word that was probably meant.</summary>
internal static class NearMiss
{
    /// <summary>" Did you mean 'x'?", or nothing when no candidate is near.</summary>
    public static string Question(string word, IEnumerable<string> candidates) =>
        Find(word, candidates) is { } found ? $" Did you mean '{found}'?" : "";

    /// <summary>The candidate with the fewest edits, if a third of the word's letters or fewer (two at least) have to change.</summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        int mostEdits = Math.Max(2, word.Length / 3);
        return candidates
            .Select(candidate => (Candidate: candidate, Edits: Edits(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.Edits <= mostEdits && pair.Edits < pair.Candidate.Length)
            .OrderBy(pair => pair.Edits)
            .Select(pair => pair.Candidate)
            .FirstOrDefault();
    }

    /// <summary>Levenshtein distance: insertions, deletions and replacements between two words.</summary>
    private static int Edits(string from, string to)
    {
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] current = new int[to.Length + 1];
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[to.Length];
    }
}
