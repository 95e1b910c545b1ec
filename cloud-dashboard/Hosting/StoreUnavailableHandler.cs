using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>Says when to come again wherever the store failed and nobody else answered.</summary>
internal sealed class StoreUnavailableHandler : IExceptionHandler
{
    /// <inheritdoc/>
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is StoreUnavailableException unavailable)
        {
            httpContext.Response.Headers.RetryAfter =
                Math.Ceiling(unavailable.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        // Status and problem details are those of every fault.
        return ValueTask.FromResult(false);
    }
}
