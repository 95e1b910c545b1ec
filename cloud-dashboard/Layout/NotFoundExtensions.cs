using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Layout;

internal static class NotFoundExtensions
{
    /// <summary>Answers 404 with the page that is being rendered, which says so itself.</summary>
    public static void SetNotFound(this HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        if (context.Features.Get<IStatusCodePagesFeature>() is IStatusCodePagesFeature statusPages)
        {
            statusPages.Enabled = false;
        }
    }
}
