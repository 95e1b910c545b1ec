using System;
using FeatureAlignment.Dashboard.Hosting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.Access;

/// <summary>Who may see the pages, and from where.</summary>
internal static class AccessFeature
{
    private static readonly TimeSpan LoginLasts = TimeSpan.FromDays(14);

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "login";
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.ExpireTimeSpan = LoginLasts;
            cookie.SlidingExpiration = true;
        });
        return services.AddSingleton<AdministratorPassword>().AddSingleton<AccessGate>().AddSingleton<LoginLimit>();
    }

    /// <summary>Refuses to be reached from elsewhere as long as there is no password.</summary>
    /// <exception cref="ArgumentException">An address is not a loopback address, or loopback is not trusted, and no password is
    /// set.</exception>
    public static void UseAccess(this WebApplication app, DashboardOptions options)
    {
        AdministratorPassword password = app.Services.GetRequiredService<AdministratorPassword>();
        if (options.PasswordFile is string file)
        {
            password.SetFromAsync(file).GetAwaiter().GetResult();
        }

        if (!password.IsSetAsync().GetAwaiter().GetResult())
        {
            ListenAddress.RequireLoopback(options);
        }

        AccessGate gate = app.Services.GetRequiredService<AccessGate>();
        app.Use((context, next) => gate.InvokeAsync(context, _ => next(context)));
    }
}
