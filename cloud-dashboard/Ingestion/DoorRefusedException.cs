using System;
using System.Globalization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Ingestion;

/// <summary>Why a request does not pass a door; it is answered as problem details (RFC 9457).</summary>
/// <param name="status">Status of the answer.</param>
/// <param name="detail">What must hold, and what was found, for the sender.</param>
/// <param name="retryAfter">When to come again; null when coming again does not help.</param>
public sealed class DoorRefusedException(int status, string detail, TimeSpan? retryAfter = null) : Exception(detail)
{
    public int Status { get; } = status;

    /// <summary>When to come again; null when coming again does not help.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether it is a failed login, which counts against the address.</summary>
    public bool IsFailedLogin { get; init; } = status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden;

    public Task AnswerAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (RetryAfter is TimeSpan wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return TypedResults.Problem(detail: Message, statusCode: Status).ExecuteAsync(context);
    }
}
