using System.Threading.Tasks;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Browser.Support;

/// <summary>A person without a mouse.</summary>
internal static class Keyboard
{
    private const int MaxStops = 200;

    /// <summary>Presses Tab until a control has the focus.</summary>
    public static async Task TabToAsync(this IPage page, ILocator target)
    {
        IElementHandle element = await target.ElementHandleAsync();
        for (int stop = 0; stop < MaxStops; stop++)
        {
            if (await element.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab must reach {target}; it did not in {MaxStops} stops.");
    }

    /// <summary>Goes to a field and types over what is in it.</summary>
    public static async Task TypeIntoAsync(this IPage page, ILocator field, string text)
    {
        await page.TabToAsync(field);
        await page.Keyboard.PressAsync("ControlOrMeta+A");
        await page.Keyboard.PressAsync("Delete");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Goes to a button or link and presses Enter.</summary>
    public static async Task PressAsync(this IPage page, ILocator button)
    {
        await page.TabToAsync(button);
        await page.Keyboard.PressAsync("Enter");
    }
}
