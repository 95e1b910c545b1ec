namespace FeatureAlignment.Dashboard.Storage.Sqlite;

/// <summary>What the writing thread remembers of a device, so that a batch need not ask the database for it. Only this thread writes, and
/// after a rollback all of it is forgotten.</summary>
internal sealed class KnownDevice(long row, int boot, int sequence, ReportInterval interval)
{
    /// <summary>Its row.</summary>
    public long Row { get; } = row;

    /// <summary>Largest number of a start; 0 before the first batch.</summary>
    public int Boot { get; private set; } = boot;

    /// <summary>How far apart its reports are.</summary>
    public ReportInterval Interval { get; } = interval;

    /// <summary>Whether a command may wait; false only when it is certain that none does.</summary>
    public bool MayHaveCommands { get; set; } = true;

    // Largest number of a batch of that start.
    private int sequence = sequence;
    private string run = "";
    private long runRow;

    /// <summary>Whether no batch with this number, or a part of one, can be there yet.</summary>
    public bool IsAhead(int batchBoot, int batchSequence) => batchBoot > Boot || (batchBoot == Boot && batchSequence > sequence);

    /// <summary>A batch is there.</summary>
    public void Advance(int batchBoot, int batchSequence)
    {
        if (IsAhead(batchBoot, batchSequence))
        {
            (Boot, sequence) = (batchBoot, batchSequence);
        }
    }

    /// <summary>Row of the run, if it is the one that the device reported last.</summary>
    public long? FindRun(string name) => runRow != 0 && run == name ? runRow : null;

    /// <summary>The device reports a run.</summary>
    public void SetRun(string name, long found) => (run, runRow) = (name, found);
}
