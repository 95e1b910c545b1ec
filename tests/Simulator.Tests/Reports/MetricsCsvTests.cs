using System.Collections.Generic;
using System.IO;
using System.Linq;
using FeatureAlignment.Simulator.Reports;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Reports;

public sealed class MetricsCsvTests
{
    private static readonly MetricRow[] Rows =
    [
        new(100, 0) { Layer = 0, AlignmentLoss = 12.5, LabelLoss = 2.25, LearningRate = 0.0015, SamplesPerSecond = 21_000 },
        new(100, 0) { Layer = 1, AlignmentLoss = 3, LabelLoss = double.NaN },
        new(200, 0) { Layer = 0, AlignmentLoss = 1.0 / 3 },
        new(200, 1) { ValidationAccuracy = 0.95, TestAccuracy = 0.945 },
        new(300, 1) { Layer = 0, AlignmentLoss = 1e-9 },
    ];

    private string folder = "";

    private string FilePath => Path.Combine(folder, "metrics.csv");

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("metrics").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Read_GivesWhatWasAppended()
    {
        Write(Rows);

        Assert.That(MetricsCsv.Read(FilePath), Is.EqualTo(Rows));
    }

    [Test]
    public void Format_LeavesMissingFieldsEmpty() =>
        Assert.That(MetricsCsv.Format(Rows[3]), Is.EqualTo("200,1,,,,,,0.95,0.945"));

    [Test]
    public void Append_IsReadableBeforeTheFileIsClosed()
    {
        using MetricsCsv metrics = MetricsCsv.Create(FilePath);
        metrics.Append(Rows[0]);

        Assert.That(MetricsCsv.Read(FilePath), Is.EqualTo(Rows[..1]));
    }

    [Test]
    public void Create_OverExistingFile_Throws()
    {
        Write(Rows);

        Assert.That(() => MetricsCsv.Create(FilePath), Throws.InstanceOf<IOException>());
    }

    [TestCase(300, 5)]
    [TestCase(299, 4)]
    [TestCase(200, 4)]
    [TestCase(150, 2)]
    [TestCase(0, 0)]
    public void Resume_CutsRowsBeyondCheckpoint(long checkpointStep, int keptRows)
    {
        Write(Rows);

        MetricRow next = new(400, 2) { Layer = 0, AlignmentLoss = 7 };
        Resume(checkpointStep, next);

        Assert.That(MetricsCsv.Read(FilePath), Is.EqualTo(Rows.Take(keptRows).Append(next)));
    }

    [Test]
    public void Resume_CutsHalfWrittenRow()
    {
        Write(Rows[..2]);
        File.AppendAllText(FilePath, "200,0,0,0.3");

        Resume(200, Rows[2]);

        Assert.That(MetricsCsv.Read(FilePath), Is.EqualTo(Rows[..3]));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("step,epo")]
    public void Resume_WithoutWholeHeader_StartsAnew(string? content)
    {
        if (content is not null)
        {
            File.WriteAllText(FilePath, content);
        }

        Resume(0, Rows[0]);

        Assert.That(MetricsCsv.Read(FilePath), Is.EqualTo(Rows[..1]));
    }

    [Test]
    public void Read_LeavesOutHalfWrittenRow()
    {
        Write(Rows[..1]);
        File.AppendAllText(FilePath, "200,0");

        Assert.That(MetricsCsv.Read(FilePath), Is.EqualTo(Rows[..1]));
    }

    [TestCase("a,b\n", "must start with the line")]
    [TestCase(MetricsCsv.Header + "\n1,2\n", "2 found in line 2")]
    [TestCase(MetricsCsv.Header + "\n1,0,,,,,,,\n1,0,x,,,,,,\n", "line 3")]
    [TestCase(MetricsCsv.Header + "\n99999999999999999999,0,,,,,,,\n", "line 2")]
    public void Resume_DamagedFile_ThrowsAndLeavesIt(string content, string message)
    {
        File.WriteAllText(FilePath, content);

        Assert.Multiple(() =>
        {
            Assert.That(() => MetricsCsv.Resume(FilePath, 100), Throws.TypeOf<RunFileFormatException>().With.Message.Contains(message));
            Assert.That(File.ReadAllText(FilePath), Is.EqualTo(content));
        });
    }

    private void Write(IEnumerable<MetricRow> rows)
    {
        using MetricsCsv metrics = MetricsCsv.Create(FilePath);
        foreach (MetricRow row in rows)
        {
            metrics.Append(row);
        }
    }

    private void Resume(long checkpointStep, MetricRow next)
    {
        using MetricsCsv metrics = MetricsCsv.Resume(FilePath, checkpointStep);
        metrics.Append(next);
    }
}
