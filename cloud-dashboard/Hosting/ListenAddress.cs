using System;
using System.Collections.Generic;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>Where the dashboard may listen without a password: at this machine only, as anybody who reaches it may do everything.</summary>
internal static class ListenAddress
{
    private const string Advice =
        "Set an administrator password first: on the settings page, by the command 'password' or by --password-file";

    /// <summary>Checks that addresses can be listened at.</summary>
    /// <exception cref="ArgumentException">One can't.</exception>
    public static void RequireAddresses(IEnumerable<string> urls)
    {
        foreach (string url in urls)
        {
            Parse(url);
        }
    }

    /// <summary>Checks that addresses are reached from this machine only.</summary>
    /// <exception cref="ArgumentException">One is not a loopback address, or loopback is not trusted.</exception>
    public static void RequireLoopback(DashboardOptions options)
    {
        if (!options.TrustsLoopback)
        {
            throw new ArgumentException(
                "Without an administrator password only this machine sees the pages, and by --trust-loopback false nobody is taken for it. "
                + $"{Advice}; or say --trust-loopback true if nobody else reaches this dashboard.");
        }

        foreach (string url in options.Urls)
        {
            string host = Parse(url).Host.Trim('[', ']');
            if (host != "localhost" && !(IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)))
            {
                throw new ArgumentException(
                    $"--urls must be loopback addresses, such as {DashboardOptions.DefaultUrl}; {url} can be reached from elsewhere. "
                    + $"{Advice}.");
            }
        }
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            if (BindingAddress.Parse(url) is { PathBase: "", Port: <= IPEndPoint.MaxPort } address
                && address.Scheme.ToUpperInvariant() is "HTTP" or "HTTPS")
            {
                return address;
            }
        }
        catch (FormatException)
        {
            // Told below.
        }

        throw new ArgumentException(
            $"--urls must be addresses of http or https with a port up to {IPEndPoint.MaxPort} and no path, such as "
            + $"{DashboardOptions.DefaultUrl}; was '{url}'.");
    }
}
