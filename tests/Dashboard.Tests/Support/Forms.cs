using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace FeatureAlignment.Dashboard.Tests.Support;

/// <summary>Pages and their forms, as a browser without script uses them.</summary>
internal static partial class Forms
{
    /// <summary>Asks for a page as a browser does.</summary>
    public static async Task<(HttpStatusCode Status, string Html)> GetPageAsync(this HttpClient client, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/html");
        using HttpResponseMessage answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Fills in a form of a page and sends it, with the hidden fields that it has.</summary>
    /// <param name="client">Sends.</param>
    /// <param name="page">Address of the page.</param>
    /// <param name="form">Something that only this form contains: the name of its handler or its action.</param>
    /// <param name="fields">What a person types.</param>
    public static async Task<HttpResponseMessage> SubmitAsync(
        this HttpClient client, string page, string form, params (string Name, string Value)[] fields)
    {
        (_, string html) = await client.GetPageAsync(page);
        string found = FormElement().Matches(html).Select(match => match.Value)
            .SingleOrDefault(text => text.Contains(form, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{page} must have one form with {form}.");
        IEnumerable<KeyValuePair<string, string>> hidden = HiddenField().Matches(found)
            .Select(match => KeyValuePair.Create(match.Groups["name"].Value, WebUtility.HtmlDecode(match.Groups["value"].Value)));
        string action = Action().Match(found) is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : page;
        using var request = new HttpRequestMessage(HttpMethod.Post, action)
        {
            Content = new FormUrlEncodedContent(hidden.Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)))),
        };
        request.Headers.Accept.ParseAdd("text/html");
        return await client.SendAsync(request);
    }

    /// <summary>Sets the administrator password on the settings page, or changes it.</summary>
    /// <param name="client">Sends.</param>
    /// <param name="password">The new one.</param>
    /// <param name="old">The one until now, where there is one.</param>
    /// <param name="repeated">The second time, if it is typed otherwise.</param>
    public static Task<HttpResponseMessage> SetPasswordAsync(
        this HttpClient client, string password, string? old = null, string? repeated = null) => client.SubmitAsync(
        "/settings", "_handler\" value=\"password",
        ("Form.Old", old ?? ""), ("Form.New", password), ("Form.Repeated", repeated ?? password));

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex FormElement();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]*)" value="(?<value>[^"]*)" ?/?>""")]
    private static partial Regex HiddenField();

    [GeneratedRegex("""^<form[^>]* action="([^"]*)"[ >]""")]
    private static partial Regex Action();
}
