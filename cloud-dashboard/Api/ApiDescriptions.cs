using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace FeatureAlignment.Dashboard.Api;

/// <summary>How features describe the routes that programs use; a route without a tag is for pages and is not described.</summary>
internal static class ApiDescriptions
{
    private static readonly Dictionary<int, string> Problems = new()
    {
        [StatusCodes.Status400BadRequest] = "It is malformed or above a limit, which the detail names; nothing is stored.",
        [StatusCodes.Status401Unauthorized] = "Key, signature, token or login is missing or wrong.",
        [StatusCodes.Status403Forbidden] = "It is not for this device, or not from here.",
        [StatusCodes.Status404NotFound] = "There is none.",
        [StatusCodes.Status408RequestTimeout] = "The body came too slowly.",
        [StatusCodes.Status413PayloadTooLarge] = "The body has more than 64 KiB, as sent or decompressed.",
        [StatusCodes.Status415UnsupportedMediaType] = "Content-Type is not application/json.",
        [StatusCodes.Status429TooManyRequests] = "Too many, of this device or of failed logins from this address.",
        [StatusCodes.Status503ServiceUnavailable] = "Nothing can be stored now.",
    };

    /// <summary>Says what a route is for, and with which problems it answers.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string tag, string summary, params int[] problems)
    {
        route.WithTags(tag).WithSummary(summary);
        foreach (int status in problems)
        {
            route.ProducesProblem(status);
        }

        return route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach ((string status, IOpenApiResponse response) in operation.Responses ?? [])
            {
                Explain((OpenApiResponse)response, int.Parse(status, CultureInfo.InvariantCulture));
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Says what a body looks like. It is not <c>Accepts</c>: that would refuse other types before the door can say why.</summary>
    public static RouteHandlerBuilder TakesJson<T>(this RouteHandlerBuilder route) =>
        route.AddOpenApiOperationTransformer(async (operation, context, cancellation) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancellation) },
                },
            };
        });

    /// <summary>Says that a batch is named by headers, and that one of them shows who sends it.</summary>
    public static RouteHandlerBuilder TakesBatchHeaders(this RouteHandlerBuilder route) =>
        route.AddOpenApiOperationTransformer((operation, context, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(Header(BatchHeader.BootHeader, "Starts of this device.", 1, int.MaxValue));
            operation.Parameters.Add(Header(BatchHeader.SequenceHeader, "Number of the batch since that start.", 1, int.MaxValue));
            operation.Parameters.Add(Header(BatchHeader.TimeHeader, "The device's clock, Unix milliseconds; 0: not set.", 0, null));
            operation.Security = Either(context.Document!, ApiSecurity.DeviceKey, ApiSecurity.Signature, null);
            return Task.CompletedTask;
        });

    /// <summary>Says that a board may show a token.</summary>
    public static RouteHandlerBuilder TakesBoardToken(this RouteHandlerBuilder route) =>
        route.AddOpenApiOperationTransformer((operation, context, _) =>
        {
            operation.Security = Either(context.Document!, ApiSecurity.BoardToken, null);
            return Task.CompletedTask;
        });

    /// <summary>Says that people, and their programs, must be logged in once a password is set.</summary>
    public static RouteHandlerBuilder TakesLogin(this RouteHandlerBuilder route) =>
        route.AddOpenApiOperationTransformer((operation, context, _) =>
        {
            operation.Security = Either(context.Document!, ApiSecurity.Login, null);
            return Task.CompletedTask;
        });

    /// <summary>An operation of a route that ASP.NET Core itself describes nothing of.</summary>
    public static OpenApiPathItem Get(
        OpenApiDocument document, string tag, string summary, string contentType, string[]? security, params int[] statuses)
    {
        var operation = new OpenApiOperation
        {
            Summary = summary,
            Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
            Responses = [],
            Security = security is null ? null : Either(document, [.. security, null]),
        };
        foreach (int status in statuses)
        {
            var response = new OpenApiResponse
            {
                Description = "OK",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [contentType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
            };
            Explain(response, status);
            operation.Responses.Add(status.ToString(CultureInfo.InvariantCulture), response);
        }

        return new OpenApiPathItem { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Get] = operation } };
    }

    private static void Explain(OpenApiResponse response, int status)
    {
        response.Description = Problems.GetValueOrDefault(status, response.Description ?? "OK");
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds after which to come again.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                },
            };
        }
    }

    private static OpenApiParameter Header(string name, string description, long from, long? to) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Minimum = from.ToString(CultureInfo.InvariantCulture),
            Maximum = to?.ToString(CultureInfo.InvariantCulture),
        },
    };

    // Null is nobody's: on the dashboard's own machine, under the conditions that docs/dashboard.md names.
    private static List<OpenApiSecurityRequirement> Either(OpenApiDocument document, params string?[] schemes) =>
    [
        .. schemes.Select(scheme => scheme is null ? [] : new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(scheme, document)] = [],
        }),
    ];
}
