using System;
using System.Linq;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>Where a request comes from, as all doors and pages see it.</summary>
internal static class RequestSource
{
    private const int NetworkBytes = 8;

    // X-Original-: what is left of X-Forwarded- where a proxy was believed.
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Real-IP", "Via"], ProxyPrefixes = ["X-Forwarded-", "X-Original-"];

    /// <summary>An address in its plain form, so that the same sender looks the same at all doors.</summary>
    public static IPAddress Plain(IPAddress? address) =>
        address is null ? IPAddress.None : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The network that an address is of, as far as one person has it: IPv6 gives everybody 2^64 addresses.</summary>
    public static IPAddress NetworkOf(IPAddress? address)
    {
        byte[] bytes = Plain(address).GetAddressBytes();
        bytes.AsSpan(Math.Min(NetworkBytes, bytes.Length)).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Whether a request was made on the dashboard's own machine, for the dashboard, and no proxy passed it on.</summary>
    /// <remarks>The name too: a page from elsewhere whose name was made to point at this machine must not reach in (DNS
    /// rebinding).</remarks>
    public static bool IsSameMachine(HttpContext context, DashboardOptions options) =>
        IsSameMachine(context.Connection.RemoteIpAddress, options) && IsLoopback(context.Request.Host.Host)
        && !context.Request.Headers.Keys.Any(IsOfAProxy);

    /// <summary>Whether a connection to the broker was made on its own machine.</summary>
    public static bool IsSameMachine(IPAddress? address, DashboardOptions options) =>
        options.TrustsLoopback && IPAddress.IsLoopback(Plain(address));

    private static bool IsLoopback(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(Plain(address)));

    private static bool IsOfAProxy(string header) => ProxyHeaders.Contains(header, StringComparer.OrdinalIgnoreCase)
        || ProxyPrefixes.Any(prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
