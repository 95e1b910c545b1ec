using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Browser.Support;
using FeatureAlignment.Telemetry;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace FeatureAlignment.Dashboard.Browser.Devices;

/// <summary>What people do to a board and its run, with the keyboard alone.</summary>
[TestFixture]
public sealed class DeviceActionsTests : PageTests
{
    private const string Board = "board-1";
    private SeededDashboard dashboard = null!;

    [SetUp]
    public async Task StartAsync()
    {
        dashboard = await SeededDashboard.StartEmptyAsync();
        long now = dashboard.Now.ToUnixTimeMilliseconds();
        await dashboard.ReportAsync(Board, new TelemetryBatch(
            "r-1", "1.0.0", [new(now, 10, 0, MetricNames.AlignmentLoss, 0.5)],
            logs: [new(now, TelemetryLogLevel.Debug, "quiet line"), new(now, TelemetryLogLevel.Error, "loud line")]));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await ClosePagesAsync();
        await dashboard.DisposeAsync();
    }

    [Test]
    public async Task Command_IsSent_AndItsOutcomeComesBack()
    {
        await OpenBoardAsync();
        await Page.ChooseAsync(Page.GetByRole(AriaRole.Combobox, new() { Name = "Command" }), "Send rec");
        await Page.TypeIntoAsync(Page.GetByLabel("Number, where it needs one"), "4");
        await Page.PressAsync(Button("Send"));

        ILocator row = Page.Locator("#device-commands tbody tr");
        await Expect(row).ToContainTextAsync("send_reconstructions count 4");
        await Expect(row).ToContainTextAsync("Waiting");
        await Expect(Page.Locator("#live")).ToHaveAttributeAsync("data-state", "live");

        string id = (await dashboard.Store.ListCommandsAsync(Board)).Single().Command.Id;
        var data = new TelemetryFields();
        data.Add("id", id);
        await dashboard.ReportAsync(Board, new TelemetryBatch(
            "r-1", "1.0.0", events: [new(0, 10, EventKinds.CommandDone, TelemetryPriority.High, "Four sent", data)]));

        await Expect(row).ToContainTextAsync("Done");
        await Expect(row).ToContainTextAsync("Four sent");
    }

    [Test]
    public async Task Command_WithoutItsNumber_IsRefusedWithTheReason()
    {
        await OpenBoardAsync();
        await Page.ChooseAsync(Page.GetByRole(AriaRole.Combobox, new() { Name = "Command" }), "Send rec");
        await Page.PressAsync(Button("Send"));

        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("from 1 to 16");
        Assert.That(await dashboard.Store.ListCommandsAsync(Board), Is.Empty);
    }

    [Test]
    public async Task Key_IsShownOnce_AndRevokedAfterAQuestion()
    {
        await OpenBoardAsync();
        await Page.PressAsync(Button("Make a key"));
        ILocator secret = Page.Locator(".secret");
        await Expect(secret).ToHaveTextAsync(new Regex("^.{43,}$"));
        Assert.That(await Axe.FindViolationsAsync(Page), Is.Empty);

        await Page.GotoAsync($"/devices/{Board}");
        await Expect(secret).ToHaveCountAsync(0);

        var question = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool agree = false;
        Page.Dialog += async (_, dialog) =>
        {
            await (agree ? dialog.AcceptAsync() : dialog.DismissAsync());
            question.TrySetResult(dialog.Message);
        };
        ILocator revoke = Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Revoke key") });
        await Page.PressAsync(revoke);
        Assert.That(await question.Task, Does.Contain("for ever"));
        Assert.That((await dashboard.Store.ListKeysAsync(Board)).Single().RevokedAt, Is.Null, "the answer was no");

        agree = true;
        await Page.PressAsync(revoke);
        await Expect(Page.Locator("#keys")).ToContainTextAsync("revoked");
        Assert.That((await dashboard.Store.ListKeysAsync(Board)).Single().RevokedAt, Is.Not.Null);
    }

    [Test]
    public async Task Name_IsChanged_AndIsText()
    {
        await OpenBoardAsync();
        await Page.TypeIntoAsync(Page.GetByRole(AriaRole.Textbox, new() { Name = "Name" }), "<b>Line</b> 1 مكبس");
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("<b>Line</b> 1 مكبس");
        await Expect(Page.GetByText(Board, new() { Exact = true })).ToBeVisibleAsync();
    }

    [Test]
    public async Task Log_IsFilteredByLevelAndText()
    {
        await OpenBoardAsync();
        ILocator lines = Page.Locator("#device-logs li");
        await Expect(lines).ToHaveCountAsync(2);

        await Page.TabToAsync(Page.GetByRole(AriaRole.Combobox, new() { Name = "From level" }));
        await Page.Keyboard.PressAsync("w");
        await Expect(Page).ToHaveURLAsync(new Regex("level=warning"));
        await Expect(lines).ToHaveCountAsync(1);
        await Expect(lines).ToContainTextAsync("loud line");

        await Page.TypeIntoAsync(Page.GetByRole(AriaRole.Searchbox, new() { Name = "Text" }), "quiet");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("#device-logs")).ToHaveTextAsync("No line matches.");
    }

    [Test]
    public async Task Run_NameTagsAndNotes_AreKept()
    {
        await OpenAsync(dashboard.Address, "/runs/1");
        await Page.TypeIntoAsync(Field("Name"), "Best so far 🏭");
        await Page.TypeIntoAsync(Field("Tags, separated by commas"), "night, <i>");
        await Page.TypeIntoAsync(Field("Notes"), "first line");
        await Page.Keyboard.PressAsync("Enter");
        await Page.Keyboard.TypeAsync("second");
        await Page.PressAsync(Button("Save"));

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Best so far 🏭");
        await Expect(Page.Locator(".page-head .tag")).ToHaveTextAsync(["night", "<i>"]);
        await Expect(Field("Notes")).ToHaveValueAsync("first line\nsecond");
    }

    [Test]
    public async Task Run_IsDeleted_OnlyWhenPeopleSayThatTheyWantIt()
    {
        await OpenAsync(dashboard.Address, "/runs/1");
        await Page.PressAsync(Page.Locator("summary"));
        await Page.PressAsync(Button("Delete"));
        await Expect(Page.GetByLabel("I want that")).ToBeFocusedAsync();
        Assert.That(await dashboard.Store.FindRunAsync(1), Is.Not.Null, "the browser asks for the mark first");

        await Page.Keyboard.PressAsync("Space");
        await Page.PressAsync(Button("Delete"));

        await Expect(Page).ToHaveURLAsync(new Regex($"/devices/{Board}$"));
        Assert.That(await dashboard.Store.FindRunAsync(1), Is.Null);
        await Expect(Page.GetByText("None yet.")).ToBeVisibleAsync();
    }

    private ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private ILocator Field(string name) => Page.GetByRole(AriaRole.Textbox, new() { Name = name, Exact = true });

    private async Task OpenBoardAsync() => await OpenAsync(dashboard.Address, $"/devices/{Board}");
}
