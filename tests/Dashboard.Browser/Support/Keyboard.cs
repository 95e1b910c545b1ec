using System;
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
        // Asked for anew each time: a page that is alive puts new elements in place of old ones.
        for (int stop = 0; stop < MaxStops; stop++)
        {
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
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

    /// <summary>Goes to a choice and moves through it until an option is chosen that begins so.</summary>
    /// <remarks>Typing the option's name chooses another one when the machine is slow: after a second its beginning is forgotten.</remarks>
    public static async Task ChooseAsync(this IPage page, ILocator choice, string option)
    {
        await page.TabToAsync(choice);
        for (int press = 0; press < MaxStops; press++)
        {
            if ((await choice.EvaluateAsync<string>("one => one.selectedOptions[0].label")).StartsWith(option, StringComparison.Ordinal))
            {
                return;
            }

            await page.Keyboard.PressAsync("ArrowDown");
        }

        Assert.Fail($"{choice} must have an option {option}; it has none after the one that was chosen.");
    }

    /// <summary>Presses Enter in a form and waits for the page that comes back, which may look like the one before.</summary>
    public static async Task SubmitAsync(this IPage page)
    {
        await page.EvaluateAsync("() => { globalThis.isBefore = true; }");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => !globalThis.isBefore && document.documentElement.classList.contains('script')");
    }

    /// <summary>Goes to a button or link and presses Enter.</summary>
    public static async Task PressAsync(this IPage page, ILocator button)
    {
        await page.TabToAsync(button);
        await page.Keyboard.PressAsync("Enter");
    }
}
