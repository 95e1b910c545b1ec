using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>The commands <c>boards add</c>, <c>boards remove</c> and <c>boards show</c>: public keys on the command line.</summary>
internal static class BoardCommands
{
    /// <summary>Does something for one device with the dashboard's services, on a database that may have to be made first.</summary>
    public delegate Task<int> ForDevice(
        ParseResult parsed, string deviceId, Func<IServiceProvider, string, Task> action, bool makesDatabase = false);

    public static Command Create(ForDevice run)
    {
        var device = new Argument<string>("DEVICE") { Description = "Id of the board." };
        var file = new Argument<string>("FILE") { Description = "Its public key as PEM, from 'meadow device provision --gen-command'." };
        var add = new Command("add", "Gives a board its public key, in place of the one before.") { device, file };
        add.SetAction((parsed, _) => run(parsed, parsed.GetRequiredValue(device), async (services, id) => Show(
            await services.GetRequiredService<BoardKeys>().SetAsync(id, await File.ReadAllTextAsync(parsed.GetRequiredValue(file)))),
            makesDatabase: true));
        var remove = new Command("remove", "Revokes a board's public key for ever.") { device };
        remove.SetAction((parsed, _) => run(parsed, parsed.GetRequiredValue(device), async (services, id) =>
        {
            if (!await services.GetRequiredService<BoardKeys>().RevokeAsync(id))
            {
                throw new ArgumentException($"DEVICE must be a board with a public key; {id} has none.");
            }
        }));
        var show = new Command("show", "Shows a board's public key.") { device };
        show.SetAction((parsed, _) => run(parsed, parsed.GetRequiredValue(device), async (services, id) => Show(
            await services.GetRequiredService<BoardKeys>().FindAsync(id)
            ?? throw new ArgumentException($"DEVICE must be a board with a public key; {id} has none."))));
        return new Command("boards", "Public keys of boards that log in as at Meadow.Cloud.") { add, remove, show };
    }

    private static void Show(PublicKeyRecord key) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{key.DeviceId}  key {BoardKeys.Fingerprint(key)}  since {DateTimeOffset.FromUnixTimeMilliseconds(key.CreatedAt):u}"));
}
