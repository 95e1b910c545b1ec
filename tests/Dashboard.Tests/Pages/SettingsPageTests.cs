using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Tests.Support;
using NUnit.Framework;

namespace FeatureAlignment.Dashboard.Tests.Pages;

[TestFixture]
public sealed class SettingsPageTests
{
    private TestDashboard dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => dashboard = await TestDashboard.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await dashboard.DisposeAsync();

    [Test]
    public async Task Board_Added_GetsAKeyThatIsShown()
    {
        using HttpResponseMessage answer =
            await dashboard.Client.SubmitAsync("/settings", "_handler\" value=\"add-device", ("Added", "board-9"));

        Assert.That(await answer.Content.ReadAsStringAsync(),
            Does.Match("class=\"secret\">[A-Za-z0-9_-]{43}<").And.Contain("/devices/board-9"));
        Assert.That((await dashboard.Store.ListKeysAsync("board-9")).Count, Is.EqualTo(1));
    }

    [TestCase("<b>")]
    [TestCase(".", Description = "browsers leave it out of the address of its page")]
    [TestCase("..")]
    public async Task Board_WithBadId_IsRefused(string id)
    {
        using HttpResponseMessage answer =
            await dashboard.Client.SubmitAsync("/settings", "_handler\" value=\"add-device", ("Added", id));

        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("role=\"alert\""));
        Assert.That((await dashboard.Store.ListDevicesAsync()).Select(device => device.DeviceId), Has.None.EqualTo(id));
    }

    [TestCase("30", "30")]
    [TestCase("", null)]
    [TestCase("0", null)]
    [TestCase("a month", null)]
    public async Task Retention_Set_IsKeptWhenItMakesSense(string days, string? kept)
    {
        await dashboard.Store.SetSettingAsync("retention_days", null);

        using HttpResponseMessage answer = await dashboard.Client.SubmitAsync("/settings", "_handler\" value=\"retention", ("Days", days));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await dashboard.Store.FindSettingAsync("retention_days"), Is.EqualTo(kept));
    }

    [Test]
    public async Task Quarantine_ShowsWhatCame_Escaped()
    {
        await dashboard.Store.AddQuarantineAsync(new QuarantineRecord("board-1", 1, "events", "no points",
            Encoding.UTF8.GetBytes(SampleFleet.Hostile)));

        (_, string html) = await dashboard.Client.GetPageAsync("/quarantine");

        Assert.That(html, Does.Contain("no points").And.Contain("&lt;script&gt;").And.Not.Contain("<script>alert"));
    }

    [Test]
    public async Task PublicKey_Added_IsShown_AndRemoved()
    {
        using var key = RSA.Create(2_048);
        (await AddBoardAsync("board-10", key.ExportSubjectPublicKeyInfoPem())).Dispose();

        PublicKeyRecord added = (await dashboard.Store.ListPublicKeysAsync("board-10")).Single();
        Assert.That((await dashboard.Client.GetPageAsync("/settings")).Html, Does.Contain(BoardKeys.Fingerprint(added)));
        (await dashboard.Client.SubmitAsync("/settings", $"_handler\" value=\"remove-board-{added.Id}")).Dispose();
        Assert.That((await dashboard.Store.ListPublicKeysAsync("board-10")).Single().RevokedAt, Is.Not.Null);
        Assert.That((await dashboard.Client.GetPageAsync("/settings")).Html, Does.Not.Contain(BoardKeys.Fingerprint(added)));
    }

    [TestCase("no key", "The key must be PEM")]
    [TestCase("-----BEGIN PRIVATE KEY-----", "it is the private one")]
    public async Task PublicKey_ThatIsNone_IsRefused_AndNotShownAgain(string pem, string expected)
    {
        using HttpResponseMessage answer = await AddBoardAsync("board-11", pem);

        string html = await answer.Content.ReadAsStringAsync();
        Assert.That(html, Does.Contain("role=\"alert\"").And.Contain(expected).And.Not.Contain(pem + "</textarea>"));
        Assert.That(await dashboard.Store.ListPublicKeysAsync("board-11"), Is.Empty);
    }

    [Test]
    public async Task Password_TooShort_IsNotSet()
    {
        using HttpResponseMessage answer =
            await dashboard.Client.SetPasswordAsync("short");

        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("must have 12 to 200 characters"));
        Assert.That((await dashboard.Client.GetPageAsync("/settings")).Html, Does.Contain("None is set"));
    }

    [TestCase("a password that is logn")]
    [TestCase("")]
    public async Task Password_RepeatedOtherwise_IsNotSet(string repeated)
    {
        using HttpResponseMessage answer = await dashboard.Client.SetPasswordAsync("a password that is long", repeated: repeated);

        Assert.That(
            await answer.Content.ReadAsStringAsync(), Does.Contain("role=\"alert\"").And.Contain("must be the same in both fields"));
        Assert.That((await dashboard.Client.GetPageAsync("/settings")).Html, Does.Contain("None is set"));
    }

    private Task<HttpResponseMessage> AddBoardAsync(string board, string pem) => dashboard.Client.SubmitAsync(
        "/settings", "_handler\" value=\"add-board", ("Form.Board", board), ("Form.Pem", pem));
}
