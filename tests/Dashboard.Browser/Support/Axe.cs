using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>axe-core's rules of accessibility, applied to a page as it is now.</summary>
internal static class Axe
{
    private const string Run =
        """
        async () => {
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
          const why = node => node.failureSummary.split('\n').slice(1).join(' ');
          return violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target.join(' ')}: ${why(node)}`));
        }
        """;

    private static readonly Lazy<string> Source = new(() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "axe.min.js")));

    /// <summary>What breaks a rule of WCAG 2.2, A or AA, or of axe's best practices.</summary>
    public static async Task<IReadOnlyList<string>> FindViolationsAsync(IPage page)
    {
        // Scripts run when the page and its styles have come.
        await Expect(page.Locator("html.script")).ToBeAttachedAsync();
        await page.EvaluateAsync(Source.Value);
        return await page.EvaluateAsync<string[]>(Run);
    }
}
