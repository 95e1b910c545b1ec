using System.Collections.Generic;
using FeatureAlignment.Telemetry;
using Microsoft.OpenApi;

namespace FeatureAlignment.Dashboard.Api;

/// <summary>How senders show who they are.</summary>
internal static class ApiSecurity
{
    public const string DeviceKey = "deviceKey";
    public const string Signature = "signature";
    public const string BoardToken = "boardToken";
    public const string MetricsToken = "metricsToken";
    public const string Login = "login";

    /// <summary>All of them.</summary>
    public static IDictionary<string, IOpenApiSecurityScheme> Schemes() => new Dictionary<string, IOpenApiSecurityScheme>
    {
        [DeviceKey] = InHeader(BatchHeader.KeyHeader, "The key of the device: over TLS, or on the dashboard's own machine."),
        [Signature] = InHeader(
            BatchHeader.SignatureHeader,
            "hex(HMAC-SHA256(key, text)); the text is POST, path, boot, seq, time and hex(SHA-256(body)), a line each."),
        [BoardToken] = Bearer("What /api/devices/login gives a board with a public key; 90 minutes.", "JWT"),
        [MetricsToken] = Bearer("The setting Metrics:Token.", null),
        [Login] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = "login",
            Description = "The login of the administrator, once a password is set.",
        },
    };

    private static OpenApiSecurityScheme InHeader(string name, string description) =>
        new() { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = name, Description = description };

    private static OpenApiSecurityScheme Bearer(string description, string? format) =>
        new() { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = format, Description = description };
}
