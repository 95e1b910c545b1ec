using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using FeatureAlignment.Datasets;
using FeatureAlignment.Simulator.Datasets;
using NUnit.Framework;

namespace FeatureAlignment.Simulator.Tests.Datasets;

public class CsvDatasetTests
{
    private const ulong Seed = 3;

    /// <summary>Ten rows; width is 0, 10, … 90, so that a row can be told from its width.</summary>
    private static readonly string Plants =
        "width,kind,height\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"{i * 10},{(i % 2 == 0 ? "rose" : "Iris")},{i}.5\n"));

    [Test]
    public void Read_LabelColumn_GivesFeaturesClassesAndSplit()
    {
        LoadedDataset loaded = Read(Plants, "kind");

        Assert.That((loaded.Training.Count, loaded.Test.Count), Is.EqualTo((8, 2)));
        Assert.That((loaded.Training.Inputs, loaded.Training.Classes), Is.EqualTo((2, 2)));
        Assert.That(loaded.ClassNames, Is.EqualTo(new[] { "Iris", "rose" }));
        Assert.That(loaded.Scaling!.ColumnNames, Is.EqualTo(new[] { "width", "height" }));
        Assert.That((loaded.ImageWidth, loaded.ImageHeight), Is.EqualTo(((int?)null, (int?)null)));
    }

    [Test]
    public void Read_RowsKeepTheirLabels()
    {
        LoadedDataset loaded = Read(Plants, "kind");

        foreach ((float[] row, int label) in Rows(loaded))
        {
            Assert.That(loaded.ClassNames[label], Is.EqualTo(RowNumber(loaded, row) % 2 == 0 ? "rose" : "Iris"));
        }
    }

    [Test]
    public void Read_PartsTogetherHoldEveryRow()
    {
        LoadedDataset loaded = Read(Plants, "kind");

        Assert.That(Rows(loaded).Select(r => RowNumber(loaded, r.Row)).Order(), Is.EqualTo(Enumerable.Range(0, 10)));
    }

    [Test]
    public void Read_ScalesByTheTrainingRowsAlone()
    {
        // Widths 0 and 90 are in the test part for some seeds; then the training spans less, and the test lies outside 0 to 1.
        int outside = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            LoadedDataset loaded = Read(Plants, "kind", seed);
            float[] training = [.. Rows(loaded.Training).Select(r => r.Row[0])];
            Assert.That((training.Min(), training.Max()), Is.EqualTo((0f, 1f)), $"seed {seed}");
            outside += Rows(loaded.Test).Count(r => r.Row[0] is < 0 or > 1);
        }

        Assert.That(outside, Is.GreaterThan(0));
    }

    [Test]
    public void Read_ConstantColumn_BecomesZero()
    {
        LoadedDataset loaded = Read("a,b\n1,7\n2,7\n3,7\n", null);

        Assert.That(Rows(loaded).Select(r => r.Row[1]), Is.All.Zero);
    }

    [Test]
    public void Read_NoLabel_GivesSamplesWithoutClasses()
    {
        LoadedDataset loaded = Read("a;b\n1;7\n2;8\n3;9\n", null);

        Assert.That(loaded.Training.Classes, Is.Zero);
        Assert.That(loaded.ClassNames, Is.Empty);
        Assert.That(Rows(loaded).Select(r => r.Label), Is.All.EqualTo(-1));
    }

    [TestCase(',')]
    [TestCase(';')]
    [TestCase('\t')]
    public void Read_Separator_IsFound(char separator)
    {
        LoadedDataset loaded = Read(Plants.Replace(',', separator), "kind");

        Assert.That(loaded.Training.Inputs, Is.EqualTo(2));
        Assert.That(Rows(loaded).Select(r => RowNumber(loaded, r.Row)).Order(), Is.EqualTo(Enumerable.Range(0, 10)));
    }

    [Test]
    public void Read_QuotedNamesSpacesAndByteOrderMark_AreUnderstood()
    {
        LoadedDataset loaded = Read("\uFEFF\"leaf, width\", kind\r\n 1 , a\r\n 2 , b\r\n", "kind");

        Assert.That(loaded.Scaling!.ColumnNames, Is.EqualTo(new[] { "leaf, width" }));
        Assert.That(loaded.ClassNames, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Read_WholeNumberLabels_AreOrderedByValue()
    {
        string text = "x,y\n" + string.Concat(new[] { 10, 9, -1, 2, 10 }.Select((label, i) => $"{i},{label}\n"));

        Assert.That(Read(text, "y").ClassNames, Is.EqualTo(new[] { "-1", "2", "9", "10" }));
    }

    [Test]
    public void Read_SameSeed_GivesTheSameSplit()
    {
        float[] first = [.. Rows(Read(Plants, "kind", 5).Test).Select(r => r.Row[1])];

        Assert.That(Rows(Read(Plants, "kind", 5).Test).Select(r => r.Row[1]), Is.EqualTo(first));
    }

    [Test]
    public void Read_MissingValue_NamesLineAndColumn() =>
        AssertFails("a,b\n1,2\n\n3,\n", null, "t.csv, line 4, column b", "missing");

    [Test]
    public void Read_MissingLabel_NamesLineAndColumn() =>
        AssertFails("a,kind\n1,x\n3, \n", "kind", "t.csv, line 3, column kind", "missing");

    [TestCase("abc")]
    [TestCase("NaN")]
    [TestCase("\"1,5\"")]
    [TestCase("1 000")]
    public void Read_ValueNotANumber_NamesLineColumnAndValue(string value) =>
        AssertFails($"a,b\n1,2\n{value},3\n", null, "t.csv, line 3, column a", "finite number", $"\"{value.Trim('"')}\" found");

    [Test]
    public void Read_TooFewValuesInARow_NamesLine() =>
        AssertFails("a,b,c\n1,2,3\n4,5\n", null, "t.csv, line 3", "3 values expected", "2 found");

    [Test]
    public void Read_TooManyValuesInARow_NamesLine() => AssertFails("a,b\n1,2,3\n", null, "t.csv, line 2", "2 values expected", "3 found");

    [Test]
    public void Read_QuoteNeverClosed_NamesLine() => AssertFails("a,b\n1,2\n\"3,4\n5,6\n", null, "t.csv, line 3", "quoted");

    [Test]
    public void Read_LabelColumnNotThere_ListsTheColumns() =>
        AssertFails(Plants, "colour", "label column colour expected", "width, kind, height");

    [Test]
    public void Read_LabelColumnNotThereAmongMany_ListsSome()
    {
        string names = string.Join(',', Enumerable.Range(1, 25).Select(i => "c" + i));

        AssertFails(names + "\n", "colour", "c19, c20 and 5 more");
    }

    [Test]
    public void Read_DuplicateColumn_NamesIt() => AssertFails("a,b,a\n1,2,3\n4,5,6\n", null, "must differ", "a found twice");

    [Test]
    public void Read_ColumnWithoutName_SaysWhich() => AssertFails("a,,c\n1,2,3\n4,5,6\n", null, "column number 2 has none");

    [Test]
    public void Read_NoHeader_SaysSo() => AssertFails("1,2\n3,4\n5,6\n", null, "line 1", "header row", "only numbers found");

    [Test]
    public void Read_EmptyFile_SaysSo() => AssertFails("", null, "the file is empty");

    [Test]
    public void Read_NoRows_SaysSo() => AssertFails("a,b\n", null, "at least 2 rows expected", "0 found");

    [Test]
    public void Read_OneRow_SaysSo() => AssertFails("a,b\n1,2\n", null, "at least 2 rows expected", "1 found");

    [Test]
    public void Read_OneClass_NamesIt() =>
        AssertFails("a,kind\n1,x\n2,x\n3,x\n", "kind", "column kind", "1 found in 3 rows (x)", "--label");

    [Test]
    public void Read_MeasuredValuesAsLabel_SaysHowMany()
    {
        string text = "a,b\n" + string.Concat(Enumerable.Range(0, 1001).Select(i => $"1,{i}.5\n"));

        AssertFails(text, "b", "from 2 to 1000 classes", "1001 found in 1001 rows");
    }

    [Test]
    public void Read_LabelColumnAlone_SaysSo() => AssertFails("kind\nx\ny\n", "kind", "at least one column besides the label kind");

    [Test]
    public void Load_FileDoesNotExist_SaysWhich()
    {
        string path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("n"), "t.csv");

        Assert.That(
            () => CsvDataset.Load(path, null, Seed), Throws.TypeOf<DatasetUnavailableException>().With.Message.Contains(path));
    }

    private static LoadedDataset Read(string text, string? labelColumn, ulong seed = Seed) =>
        CsvDataset.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv", labelColumn, seed);

    private static void AssertFails(string text, string? labelColumn, params IEnumerable<string> facts)
    {
        string message = Assert.Throws<DataFormatException>(() => Read(text, labelColumn))!.Message;
        foreach (string fact in facts)
        {
            Assert.That(message, Does.Contain(fact));
        }
    }

    /// <summary>The row of <see cref="Plants"/> that a scaled row came from: the widths are ten equal steps.</summary>
    private static int RowNumber(LoadedDataset loaded, float[] row)
    {
        float[] first = loaded.Scaling!.ParseRow("0,0");
        float[] last = loaded.Scaling.ParseRow("90,0");
        return (int)Math.Round(9 * (row[0] - first[0]) / (last[0] - first[0]));
    }

    private static IEnumerable<(float[] Row, int Label)> Rows(LoadedDataset loaded) => Rows(loaded.Training).Concat(Rows(loaded.Test));

    private static List<(float[] Row, int Label)> Rows(ISampleSource source)
    {
        var rows = new List<(float[], int)>();
        for (int i = 0; i < source.Count; i++)
        {
            var row = new float[source.Inputs];
            int label = source.Read(i, row);
            rows.Add((row, label));
        }

        return rows;
    }
}
