using System;
using System.Collections.Generic;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>Where the dashboard may listen without a password: at this machine only, as anybody who reaches it may do everything.</summary>
internal static class ListenAddress
{
    /// <summary>Checks addresses.</summary>
    /// <exception cref="ArgumentException">One is not a loopback address.</exception>
    public static void RequireLoopback(IEnumerable<string> urls)
    {
        foreach (string url in urls)
        {
            string host = Parse(url).Host.Trim('[', ']');
            if (host != "localhost" && !(IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)))
            {
                throw new ArgumentException(
                    $"--urls must be loopback addresses, such as {DashboardOptions.DefaultUrl}; {url} can be reached from elsewhere. "
                    + "Set an administrator password first: on the settings page, by the command 'password' or by --password-file.");
            }
        }
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new ArgumentException($"--urls must be addresses, such as {DashboardOptions.DefaultUrl}; was {url}.");
        }
    }
}
