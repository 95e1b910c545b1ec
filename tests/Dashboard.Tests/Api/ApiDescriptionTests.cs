using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using FeatureAlignment.Dashboard.Tests.Support;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Api;

[TestFixture]
public sealed class ApiDescriptionTests
{
    private const string Elsewhere = "192.0.2.7";
    private const string BatchRoute = "/api/telemetry/{deviceId}/batches";

    // Slow senders are cut off by Kestrel after seconds, for which no test waits.
    private const int TooSlow = 408;

    private static readonly string[] Events = ["/api/events", "/api/bulkevents", "/api/logs", "/api/bulklogs"];
    private static readonly byte[] Body = Batches.Json(Batches.OfPoints(Batches.Counting(0, 3)));

    [Test]
    public async Task Document_IsValid_AndHasEveryRouteForPrograms()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();

        OpenApiDocument document = await ReadAsync(dashboard);

        string[] mapped = [.. dashboard.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace(":long", "", StringComparison.Ordinal))
            .Where(IsForPrograms).Distinct()];
        Assert.That(mapped, Has.Length.GreaterThanOrEqualTo(12));
        Assert.That(document.Paths.Keys, Is.EquivalentTo(mapped));
        Assert.That(document.Components!.SecuritySchemes!.Keys,
            Is.EquivalentTo((string[])["deviceKey", "signature", "boardToken", "metricsToken", "login"]));
        foreach (OpenApiOperation operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            Assert.That(operation.Summary, Is.Not.Null.And.Not.Empty);
            Assert.That(operation.Responses!.Values.Select(response => response.Description), Has.All.Not.Empty);
        }
    }

    [Test]
    public async Task Document_DescribesTheBatchDoor()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();

        OpenApiOperation door = Operation(await ReadAsync(dashboard), HttpMethod.Post, BatchRoute);

        Assert.That(door.Parameters!.Where(parameter => parameter.In == ParameterLocation.Header).Select(parameter => parameter.Name),
            Is.EqualTo((string[])["X-Boot", "X-Seq", "X-Time"]));
        Assert.That(door.RequestBody!.Content!["application/json"].Schema!.Properties!.Keys,
            Is.EquivalentTo((string[])["schema", "run", "app", "points", "images", "events", "logs", "run_settings"]));
        Assert.That(door.Responses!["200"].Content!["application/json"].Schema!.Properties!.Keys,
            Is.EquivalentTo((string[])["accepted", "quarantined", "commands"]));
        Assert.That(door.Responses["429"].Headers!.Keys, Has.One.EqualTo("Retry-After"));
        Assert.That(door.Responses["400"].Content!.Keys, Has.One.EqualTo("application/problem+json"));
        Assert.That(door.Security!.Select(either => string.Concat(either.Keys.Select(scheme => scheme.Reference.Id))),
            Is.EqualTo((string[])["deviceKey", "signature", ""]));
    }

    [Test]
    public async Task Document_ListsTheStatusesThatTheDoorsGive()
    {
        var given = new Dictionary<string, SortedSet<int>>();
        OpenApiDocument document;
        await using (TestDashboard dashboard = await TestDashboard.StartAsync(("Ingestion:FailureBurst", "100")))
        {
            document = await ReadAsync(dashboard);
            string key = (await dashboard.Keys.CreateAsync("press-1")).Key;
            await BatchAsync(dashboard, "press-1", Body, ("X-Device-Key", key));
            await BatchAsync(dashboard, "press-1", Body);
            await BatchAsync(dashboard, "press-2", Body, ("X-Device-Key", key));
            await BatchAsync(dashboard, "press-3", "{}"u8.ToArray());
            await BatchAsync(dashboard, "press-3", new byte[70_000]);
            foreach (string route in Events)
            {
                await PostAsync(dashboard, route, "[]");
                await PostAsync(dashboard, route, "[]", token: "wrong");
                await PostAsync(dashboard, route, "[]", contentType: "text/plain");
            }

            using var rsa = RSA.Create(2_048);
            await dashboard.Services.GetRequiredService<BoardKeys>().SetAsync("board-1", rsa.ExportSubjectPublicKeyInfoPem());
            foreach (string login in (string[])["{\"id\":\"board-1\"}", "{\"id\":\"board-2\"}", "{", new string(' ', 70_000)])
            {
                await PostAsync(dashboard, DeviceLogin.Route, login);
            }

            await GetAsync(dashboard, "/runs/{id}/charts", "/runs/1/charts?series=accuracy");
            await GetAsync(dashboard, "/runs/{id}/charts", "/runs/1/charts?axis=up");
            await GetAsync(dashboard, "/runs/{id}/data.csv", "/runs/9/data.csv");
            await GetAsync(dashboard, "/runs/{id}/data.csv", "/runs/1/data.csv");
            await GetAsync(dashboard, "/runs/{id}/events.csv", "/runs/9/events.csv");
            await GetAsync(dashboard, "/runs/{id}/events.csv", "/runs/1/events.csv");
            string[] open = ["/health/live", "/health/ready"];
            string[] closed = ["/metrics", "/runs/{id}/charts", "/runs/{id}/data.csv", "/runs/{id}/events.csv"];
            foreach (string route in open.Concat(closed))
            {
                await GetAsync(dashboard, route, route.Replace("{id}", "1", StringComparison.Ordinal));
                await GetAsync(dashboard, route, route.Replace("{id}", "1", StringComparison.Ordinal), Elsewhere);
            }

            (await dashboard.Client.SetPasswordAsync("a password that is long")).Dispose();
            foreach (string route in closed)
            {
                await GetAsync(dashboard, route, route.Replace("{id}", "1", StringComparison.Ordinal), Elsewhere);
            }
        }

        string folder = Directory.CreateTempSubdirectory("dashboard-").FullName;
        ITelemetryStore ReadOnly() => SqliteTelemetryStore.Open(
            Path.Combine(folder, "full.db"), TimeProvider.System, writing => writing.Execute("PRAGMA query_only = ON"));
        await using (TestDashboard full = await TestDashboard.StartAsync(null, builder => builder.Services.AddSingleton(_ => ReadOnly())))
        {
            await BatchAsync(full, "press-1", Body);
            await GetAsync(full, "/health/ready", "/health/ready");
            foreach (string route in Events)
            {
                await PostAsync(full, route, "nonsense");
            }
        }

        Directory.Delete(folder, recursive: true);
        await using (TestDashboard blocked =
            await TestDashboard.StartAsync(("Ingestion:FailureBurst", "1"), ("Ingestion:FailuresPerMinute", "1")))
        {
            await PostAsync(blocked, DeviceLogin.Route, "{\"id\":\"board-2\"}");
            await PostAsync(blocked, DeviceLogin.Route, "{\"id\":\"board-2\"}");
            await BatchAsync(blocked, "press-1", Body, ("X-Device-Key", "wrong"));
            foreach (string route in Events)
            {
                await PostAsync(blocked, route, "[]", token: "wrong");
            }
        }

        Assert.Multiple(() =>
        {
            foreach ((string route, OpenApiOperation operation) in document.Paths.SelectMany(
                path => path.Value.Operations!.Values.Select(operation => (path.Key, operation))))
            {
                IEnumerable<int> listed = operation.Responses!.Keys.Select(status => int.Parse(status, CultureInfo.InvariantCulture));
                Assert.That(listed.Where(status => status != TooSlow), Is.EquivalentTo(given.GetValueOrDefault(route, [])), route);
            }
        });

        void Note(string route, HttpResponseMessage answer)
        {
            given.TryAdd(route, []);
            given[route].Add((int)answer.StatusCode);
            answer.Dispose();
        }

        async Task BatchAsync(TestDashboard dashboard, string device, byte[] body, params (string, string?)[] headers) =>
            Note(BatchRoute, await dashboard.PostAsync(new BatchHeader(device, 1, 1, 0), body, headers));

        async Task PostAsync(
            TestDashboard dashboard, string route, string body, string? token = null, string contentType = "application/json")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, route)
            {
                Content = new StringContent(body, System.Text.Encoding.UTF8, contentType),
            };
            request.Headers.Authorization = token is null ? null : new("Bearer", token);
            Note(route, await dashboard.Client.SendAsync(request));
        }

        async Task GetAsync(TestDashboard dashboard, string route, string address, string? from = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (from is not null)
            {
                request.Headers.Add(TestDashboard.AddressHeader, from);
            }

            Note(route, await dashboard.Client.SendAsync(request));
        }
    }

    private static bool IsForPrograms(string route) =>
        route.StartsWith("/api/", StringComparison.Ordinal) || route.StartsWith("/health/", StringComparison.Ordinal)
        || route is "/metrics" || route.EndsWith(".csv", StringComparison.Ordinal) || route.EndsWith("/charts", StringComparison.Ordinal);

    private static OpenApiOperation Operation(OpenApiDocument document, HttpMethod method, string path) =>
        document.Paths[path].Operations![method];

    private static async Task<OpenApiDocument> ReadAsync(TestDashboard dashboard)
    {
        using HttpResponseMessage answer = await dashboard.Client.GetAsync("/openapi/v1.json");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        ReadResult read = OpenApiDocument.Parse(await answer.Content.ReadAsStringAsync(), "json");
        Assert.That(read.Diagnostic!.Errors, Is.Empty);
        Assert.That(read.Diagnostic.Warnings, Is.Empty);
        return read.Document!;
    }
}
