using System;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using FeatureAlignment.Dashboard.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace FeatureAlignment.Dashboard.Monitoring;

/// <summary>Who may read the metrics without logging in: a server that brings the token of the setting <c>Metrics:Token</c>; with none set,
/// whoever is at this machine.</summary>
internal sealed class MetricsAccess
{
    /// <summary>Fewest characters of the token: it must not be guessed.</summary>
    public const int MinTokenLength = 16;

    private const string Setting = "Metrics:Token";

    // The hash, so that the time of the comparison tells nothing, not even the length.
    private readonly byte[]? expected;
    private readonly DashboardOptions options;

    public MetricsAccess(IConfiguration configuration, DashboardOptions options)
    {
        this.options = options;
        string token = configuration[Setting] ?? "";
        expected = token.Length switch
        {
            0 => null,
            < MinTokenLength => throw new InvalidOperationException(
                $"{Setting} must have at least {MinTokenLength} characters; it has {token.Length}. Change it in the settings."),
            _ => Hash(token),
        };
    }

    public bool Allows(HttpContext context) =>
        expected is null ? RequestSource.IsSameMachine(context, options)
        : AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out AuthenticationHeaderValue? header)
            && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(header.Parameter ?? ""), expected);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
