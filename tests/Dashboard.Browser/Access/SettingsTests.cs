using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Access;

/// <summary>Settings and login, with the keyboard alone.</summary>
[TestFixture]
public sealed class SettingsTests : PageTests
{
    private const string Password = "correct horse battery";
    private SeededDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync()
    {
        dashboard = await SeededDashboard.StartEmptyAsync();
        await OpenAsync(dashboard.Address, "/settings");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await ClosePagesAsync();
        await dashboard.DisposeAsync();
    }

    [Test]
    public async Task Password_IsSet_AskedFor_AndForgottenAtLogout()
    {
        Expected = ["401"]; // what a wrong password is answered with
        await Page.TypeIntoAsync(Page.GetByLabel("New password"), Password);
        await Page.TypeIntoAsync(Page.GetByLabel("The same once more"), Password);
        await Page.PressAsync(Button("Set it"));

        await Expect(Page).ToHaveURLAsync(new Regex("/login\\?back=%2Fsettings"));
        ILocator given = Page.GetByLabel("Administrator password");
        await Page.TypeIntoAsync(given, "wrong password");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The password is not right.");
        Assert.That(await Axe.FindViolationsAsync(Page), Is.Empty);

        await Page.TypeIntoAsync(given, Password);
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page).ToHaveURLAsync(new Regex("/settings$"));
        await Expect(Page.GetByText("A password is set")).ToBeVisibleAsync();
        Assert.That(await Axe.FindViolationsAsync(Page), Is.Empty);

        await Page.PressAsync(Button("Log out everywhere"));
        await Expect(Page).ToHaveURLAsync(new Regex("/login$"));
        await Page.GotoAsync("/");
        await Expect(Page).ToHaveURLAsync(new Regex("/login"));
    }

    [Test]
    public async Task Board_GetsAKey_ShownOnce()
    {
        await Page.TypeIntoAsync(Page.GetByLabel("Id of a board"), "new board");
        await Page.PressAsync(Button("Make a key"));
        Assert.That(await dashboard.Store.ListDevicesAsync(), Is.Empty, "the browser refuses the space");

        await Page.TypeIntoAsync(Page.GetByLabel("Id of a board"), "new-board");
        await Page.PressAsync(Button("Make a key"));
        await Expect(Page.Locator(".secret")).ToBeVisibleAsync();
        await Page.GotoAsync("/settings");

        await Expect(Page.Locator(".secret")).ToHaveCountAsync(0);
        await Expect(Page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("new-board") })).ToContainTextAsync("never");
        await Page.PressAsync(Page.GetByRole(AriaRole.Link, new() { Name = "Make or revoke keys of new-board" }));
        await Expect(Page).ToHaveURLAsync(new Regex("/devices/new-board#keys"));
    }

    [Test]
    public async Task Retention_IsKept_AndNonsenseRefused()
    {
        ILocator days = Page.GetByLabel("Days to keep raw data");
        await Page.TypeIntoAsync(days, "30");
        await Page.SubmitAsync();
        await Expect(days).ToHaveValueAsync("30");
        await Page.ReloadAsync();
        await Expect(days).ToHaveValueAsync("30");

        await Page.TypeIntoAsync(days, "soon");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("whole number");
    }

    private ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
