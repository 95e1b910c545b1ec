using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Storage;
using Microsoft.AspNetCore.Identity;

namespace FeatureAlignment.Dashboard.Access;

/// <summary>The one password of the dashboard. The database has a salted, slow hash of it.</summary>
public sealed class AdministratorPassword(ITelemetryStore store)
{
    /// <summary>Fewest characters: long ones are better than odd ones.</summary>
    public const int MinLength = 12;

    /// <summary>Most characters: hashing a book takes time.</summary>
    public const int MaxLength = 200;

    private const string Setting = "administrator_password";
    private const string StampSetting = "administrator_password_set";

    private readonly PasswordHasher<AdministratorPassword> hasher = new();

    /// <summary>Whether one is set.</summary>
    public async Task<bool> IsSetAsync(CancellationToken cancellation = default) =>
        await store.FindSettingAsync(Setting, cancellation) is not null;

    /// <summary>Changes with the password and at each logout: who logged in before must log in again.</summary>
    public async Task<string> StampAsync(CancellationToken cancellation = default) =>
        await store.FindSettingAsync(StampSetting, cancellation) ?? "";

    /// <summary>Ends all logins, also those whose cookie somebody has copied.</summary>
    public Task EndLoginsAsync() => store.SetSettingAsync(StampSetting, Guid.NewGuid().ToString("N"));

    public async Task<bool> IsRightAsync(string? password, CancellationToken cancellation = default) =>
        password is { Length: <= MaxLength } && await store.FindSettingAsync(Setting, cancellation) is string hash
        && hasher.VerifyHashedPassword(this, hash, password) != PasswordVerificationResult.Failed;

    /// <summary>Makes the first line of a file the password, if it is not already: who is logged in stays so.</summary>
    /// <exception cref="ArgumentException">The file can't be read, or the password is too short or too long.</exception>
    public async Task SetFromAsync(string file)
    {
        string? given = ReadFirstLine(file);
        if (!await IsRightAsync(given) && await SetAsync(given) is string problem)
        {
            throw new ArgumentException($"The first line of --password-file must be the administrator password. {problem}");
        }
    }

    /// <summary>Sets it.</summary>
    /// <returns>What is wrong with it; null when it is set.</returns>
    public async Task<string?> SetAsync(string? password)
    {
        if (password is not { Length: >= MinLength and <= MaxLength })
        {
            return $"The password must have {MinLength} to {MaxLength} characters; it has {password?.Length ?? 0}.";
        }

        await EndLoginsAsync();
        await store.SetSettingAsync(Setting, hasher.HashPassword(this, password));
        return null;
    }

    private static string? ReadFirstLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"--password-file must name a file that can be read. {e.Message}", e);
        }
    }
}
