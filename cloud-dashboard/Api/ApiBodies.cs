using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FeatureAlignment.Dashboard.Api;

// What bodies look like, for the description of the API alone: the doors read and write them by code of their own, which
// docs/telemetry-schema.md describes.

/// <summary>What a device tells, schema 1; docs/telemetry-schema.md has names, units and limits. At most 64 KiB.</summary>
internal sealed record BatchBody(
    int Schema, string Run, string App, IReadOnlyList<PointBody>? Points, IReadOnlyList<ImageBody>? Images,
    IReadOnlyList<EventBody>? Events, IReadOnlyList<LogBody>? Logs,
    [property: JsonPropertyName("run_settings")] Dictionary<string, JsonElement>? RunSettings);

/// <summary>A value of a metric.</summary>
internal sealed record PointBody(long T, long Step, int? Layer, string Name, double Value);

/// <summary>A picture: input and output as Base64, width × height grey values each.</summary>
internal sealed record ImageBody(
    long T, long Step, int? Layer, string Kind, int Width, int Height, byte[] Input, byte[] Output, int? Label, int? Predicted);

/// <summary>An event.</summary>
internal sealed record EventBody(long T, long Step, string Kind, string? Level, string? Text, Dictionary<string, JsonElement>? Data);

/// <summary>A line of the log.</summary>
internal sealed record LogBody(long T, string? Level, string Text);

/// <summary>What a device is told: how much is stored, and what it is to do.</summary>
internal sealed record BatchAnswerBody(int Accepted, int Quarantined, IReadOnlyList<CommandBody> Commands);

/// <summary>A command; no <c>expires</c>, Unix milliseconds, is never.</summary>
internal sealed record CommandBody(string Id, string Name, Dictionary<string, JsonElement> Args, long? Expires);

/// <summary>What a board's login sends.</summary>
internal sealed record LoginBody(string Id);

/// <summary>What a login answers: a token that only the board's private key opens; RSA with PKCS #1 padding, AES-256 in CBC mode.</summary>
internal sealed record LoginAnswerBody(byte[] EncryptedKey, byte[] EncryptedToken, byte[] Iv);

/// <summary>An event as Meadow's client sends it.</summary>
internal sealed record CloudEventBody(
    int EventId, string? Description, DateTimeOffset Timestamp, Dictionary<string, JsonElement>? Measurements);

/// <summary>A line of a log as Meadow's client sends it.</summary>
internal sealed record CloudLogBody(string? Severity, string? Message, string? Exception, DateTimeOffset Timestamp);

/// <summary>How many items are stored, and how many went into quarantine.</summary>
internal sealed record CloudAnswerBody(int Accepted, int Quarantined);

/// <summary>A series in columns of equal length. Where every column is one point, there is no min and max.</summary>
internal sealed record ChartBody(
    string Series, long Raw, IReadOnlyList<long> X, IReadOnlyList<double> Last, IReadOnlyList<double>? Min, IReadOnlyList<double>? Max,
    IReadOnlyList<int> Gaps);
