using System.Collections.Generic;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>How numbers are written, by the server and by the browser alike.</summary>
public static class WrittenNumbers
{
    public static IReadOnlyList<(double Number, string Text)> Plain { get; } =
    [
        (0, "0"), (-0.0, "0"), (2, "2"), (15.2, "15.20"), (15.4712, "15.47"), (0.1332, "0.1332"), (-0.2, "-0.2000"), (9.9996, "10.00"),
        (999.96, "1,000"), (1_234.5, "1,235"), (0.00012344, "0.0001234"), (0.00001, "1.000e-5"), (-1e300, "-1.000e+300"),
    ];

    public static IReadOnlyList<(double Number, string Text)> Bytes { get; } =
        [(512, "512 B"), (65_536, "64 KB"), (165_500, "161.6 KB"), (16_630_000, "15.86 MB")];

    public static IReadOnlyList<(double Number, string Text)> Shares { get; } =
        [(0, "0.0 %"), (0.9712, "97.1 %"), (0.955, "95.5 %"), (1, "100.0 %")];
}
