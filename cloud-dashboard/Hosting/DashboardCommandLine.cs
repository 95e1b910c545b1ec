using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Access;
using FeatureAlignment.Dashboard.Demo;
using FeatureAlignment.Dashboard.Devices;
using FeatureAlignment.Dashboard.MeadowCloud;
using FeatureAlignment.Dashboard.Storage;
using FeatureAlignment.Dashboard.Storage.Sqlite;
using FeatureAlignment.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FeatureAlignment.Dashboard.Hosting;

/// <summary>The commands: run the dashboard, copy its database, make and revoke keys of devices.</summary>
internal static class DashboardCommandLine
{
    private static readonly Option<string> Database = new("--database")
    {
        Description = "Database file.",
        HelpName = "FILE",
        DefaultValueFactory = _ => DashboardOptions.DefaultDatabase,
    };

    private static readonly Option<string[]> Urls = new("--urls")
    {
        Description = "Addresses to listen at; others than loopback need an administrator password.",
        HelpName = "URL",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [DashboardOptions.DefaultUrl],
    };

    private static readonly Option<bool> Demo = new("--demo")
    {
        Description = "Shows a fleet of simulated boards, with a database of their own.",
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Shows what a fleet of learning boards does.")
        {
            Urls, Demo, Backup(), Keys(), BoardCommands.Create(WithServicesAsync), PasswordCommand.Create(WithServicesAsync),
        };
        AddDatabase(root);
        root.Add(HealthCommand.Create());
        BoardArguments.AddTo(root);
        HostingArguments.AddTo(root);
        root.SetAction(ServeAsync);
        try
        {
            // Without a time limit of the command line: the host takes the signals that end a process, and the time that its end needs.
            return await root.Parse(EnvironmentDefaults.Apply(root, args, Environment.GetEnvironmentVariable)).InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e) when (
            e is ArgumentException or InvalidOperationException or IOException or StoreFormatException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    // All commands but 'health' work on it.
    private static void AddDatabase(Command command)
    {
        command.Add(Database);
        foreach (Command part in command.Subcommands)
        {
            AddDatabase(part);
        }
    }

    private static DashboardOptions Options(ParseResult parsed) => parsed.GetRequiredValue(Database) is { Length: > 0 } file
        ? new DashboardOptions { Database = Path.GetFullPath(file) }
        : throw new ArgumentException("--database must name a file; was empty.");

    private static async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancellation)
    {
        DashboardOptions options = HostingArguments.Apply(
            parsed, BoardArguments.Apply(parsed, Options(parsed) with { Urls = parsed.GetRequiredValue(Urls) }));
        ListenAddress.RequireAddresses(options.Urls);
        using DemoDatabase? demo = parsed.GetValue(Demo) ? OpenDemo(parsed, options) : null;
        await using WebApplication app = Program.Build(demo is null ? options : options with { IsDemo = true, Database = demo.File });
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception e)
        {
            // What runs already must end in order: else it tells at length that it was ended.
            await app.StopAsync(CancellationToken.None);
            if (e is OperationCanceledException)
            {
                return 0;
            }

            throw e is IOException { InnerException: AddressInUseException }
                ? new IOException($"{e.Message} Choose another one with --urls, or end what has it.", e)
                : e;
        }

        await WarmUp.RunAsync(app.Urls, cancellation);
        app.Announce(options);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    private static DemoDatabase OpenDemo(ParseResult parsed, DashboardOptions options)
    {
        bool isChosen = parsed.GetResult(Database) is { Implicit: false };
        DemoDatabase database = DemoDatabase.Open(isChosen ? options.Database : null);
        if (!options.LogsJson)
        {
            Console.WriteLine($"Demo: twelve simulated boards live through their last hours. {database.Fate}");
        }

        return database;
    }

    private static Command Backup()
    {
        var file = new Argument<string>("FILE") { Description = "New file." };
        var command = new Command("backup", "Copies the database to a new file, also while the dashboard runs.") { file };
        command.SetAction(parsed => SqliteTelemetryStore.Backup(Options(parsed).Database, Path.GetFullPath(parsed.GetRequiredValue(file))));
        return command;
    }

    private static Command Keys()
    {
        var device = new Argument<string>("DEVICE") { Description = "Id of the device." };
        var number = new Argument<long>("KEY") { Description = "Number of the key." };
        var add = new Command("add", "Makes a key and shows it once. A device has two at most.") { device };
        add.SetAction((parsed, _) => WithDevicesAsync(parsed, parsed.GetRequiredValue(device), async (store, keys, id) =>
        {
            (DeviceKeyRecord record, string key) = await keys.CreateAsync(id);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Key {record.Id} of {id}, not shown again: {key}"));
        }, makesDatabase: true));
        var revoke = new Command("revoke", "Revokes a key for ever.") { device, number };
        revoke.SetAction((parsed, _) => WithDevicesAsync(parsed, parsed.GetRequiredValue(device), async (store, keys, id) =>
        {
            long key = parsed.GetRequiredValue(number);
            if (!await store.RevokeKeyAsync(id, key, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"KEY must be a valid key of {id}; {key} is none. 'keys list {id}' shows them."));
            }
        }));
        var list = new Command("list", "Shows numbers and states of a device's keys.") { device };
        list.SetAction((parsed, _) => WithDevicesAsync(parsed, parsed.GetRequiredValue(device), async (store, keys, id) =>
        {
            IReadOnlyList<DeviceKeyRecord> known = await store.ListKeysAsync(id);
            if (known.Count == 0)
            {
                Console.WriteLine($"{id} has no keys.");
            }

            foreach (DeviceKeyRecord key in known)
            {
                string state = key.RevokedAt is long revoked ? $"revoked {DateTimeOffset.FromUnixTimeMilliseconds(revoked):u}" : "valid";
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{key.Id}  created {DateTimeOffset.FromUnixTimeMilliseconds(key.CreatedAt):u}  {state}"));
            }
        }));
        return new Command("keys", "Keys of devices; while the dashboard runs, its settings page has them.") { add, revoke, list };
    }

    private static Task<int> WithDevicesAsync(
        ParseResult parsed, string deviceId, Func<ITelemetryStore, DeviceKeys, string, Task> action, bool makesDatabase = false) =>
        WithServicesAsync(
            parsed, deviceId,
            (services, id) => action(services.GetRequiredService<ITelemetryStore>(), services.GetRequiredService<DeviceKeys>(), id),
            makesDatabase);

    // The same services as the running dashboard has, but it does not listen.
    private static async Task<int> WithServicesAsync(ParseResult parsed, Func<IServiceProvider, Task> action)
    {
        await using WebApplication app = Program.Build(Options(parsed));
        await action(app.Services);
        return 0;
    }

    private static Task<int> WithServicesAsync(
        ParseResult parsed, string deviceId, Func<IServiceProvider, string, Task> action, bool makesDatabase)
    {
        if (!TelemetryNames.IsDeviceId(deviceId))
        {
            throw new ArgumentException(
                $"DEVICE must be 1 to {TelemetryNames.MaxLength} of A-Z, a-z, 0-9, _, . and -, not dots alone; was "
                + $"'{TelemetryText.Clean(deviceId, TelemetryNames.MaxLength)}'.");
        }

        if (!makesDatabase)
        {
            SqliteTelemetryStore.RequireFile(Options(parsed).Database);
        }

        return WithServicesAsync(parsed, services => action(services, deviceId));
    }
}
