using System.Linq;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Telemetry;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>Boards whose texts a careless page would obey, break or push out of its frame.</summary>
internal static class StrangeBoards
{
    /// <summary>Has the longest id, and a title without a place to break.</summary>
    public static readonly string Long = "board-" + new string('W', 58);

    /// <summary>Its texts are markup, or run from right to left, or are emoji.</summary>
    public const string Foreign = "zz-foreign";

    /// <summary>Series of the foreign board whose three values lie further apart than a number can say.</summary>
    public const string Vast = "vast";

    public const string Markup = "<script>document.title='script ran'</script>\"><img src=x onerror=\"document.title='script ran'\">";
    public const string RightToLeft = "مضخة المياه الرئيسية في الطابق الثاني";
    public const string Emoji = "🏭🔧 line № 3 – ħ ± 🇨🇭";

    public static async Task AddAsync(SeededDashboard dashboard)
    {
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        string wide = new('m', 400);
        string[] texts = [Markup, RightToLeft, Emoji, wide];
        var settings = new TelemetryFields();
        settings.Add("optimizer", Markup);
        settings.Add("place", RightToLeft);
        settings.Add(new string('k', 64), wide);
        await dashboard.ReportAsync(Foreign, new TelemetryBatch(
            "r-foreign", "1.4.0",
            [
                new(now, 10, 0, MetricNames.AlignmentLoss, 0.5), new(now, 10, 63, "metric_" + new string('n', 57), 1e-300),
                new(now, 10, null, MetricNames.Temperature, -1e300), new(now - 2, 8, null, Vast, double.MaxValue),
                new(now - 1, 9, null, Vast, 4e307), new(now, 10, null, Vast, -1e300),
            ],
            events: [.. texts.Select(text => new TelemetryEvent(now, 10, EventKinds.AnomalyStart, TelemetryPriority.High, text))],
            logs: [.. texts.Select(text => new TelemetryLog(now, TelemetryLogLevel.Critical, text))],
            runSettings: settings));
        await dashboard.Store.SetTitleAsync(Foreign, $"{RightToLeft} {Markup}"[..100]);
        await dashboard.ReportAsync(Long, new TelemetryBatch(
            new string('r', 64), new string('9', 64), [new(now, 1L << 53, 0, MetricNames.AlignmentLoss, 123_456_789.125)]));
        await dashboard.Store.AddQuarantineAsync(new QuarantineRecord(
            Long, now, "mqtt", wide, System.Text.Encoding.UTF8.GetBytes(Markup + wide)));
        await dashboard.Store.AddConnectionAsync(new ConnectionRecord(Foreign, now, "refused", Markup + wide));
    }
}
