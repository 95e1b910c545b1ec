using System;
using System.Buffers.Text;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FeatureAlignment.Dashboard.Hosting;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>What a board's token says.</summary>
/// <param name="DeviceId">The board.</param>
/// <param name="PublicKeyId">The public key that it logged in with: the token dies with it.</param>
/// <param name="IsExpired">Whether its time is over.</param>
internal sealed record BoardToken(string DeviceId, long PublicKeyId, bool IsExpired);

/// <summary>
/// Tokens that boards get at the login and show with each request: JWT (RFC 7519), signed by HMAC-SHA256 with a key in the protection
/// folder. The key outlives a restart, as a board keeps using its first token towards the broker until it starts again itself.
/// </summary>
internal sealed class BoardTokens
{
    /// <summary>Claim <c>oid</c>, the organization: first part of the topics of a board that logged in.</summary>
    public const string Organization = "dashboard";

    /// <summary>A board logs in anew after an hour, or when it is told 401.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(90);

    private const int KeyBytes = 32;

    // Tokens are of one kind: a header that says another algorithm is no header of ours.
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    private readonly TimeProvider time;
    private readonly Lazy<byte[]> key;

    public BoardTokens(DashboardOptions options, TimeProvider time)
    {
        this.time = time;
        key = new Lazy<byte[]>(() => ReadOrMakeKey(Path.Combine(options.ProtectionFolder, "board-tokens.key")));
    }

    /// <summary>Makes a token.</summary>
    public string Create(string deviceId, long publicKeyId)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Claims(Organization, deviceId, publicKeyId, now, now + (long)Lifetime.TotalSeconds);
        string signed = Header + "." + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, JsonSerializerOptions.Web));
        return signed + "." + Base64Url.EncodeToString(Sign(signed));
    }

    /// <summary>Reads a token that this dashboard signed.</summary>
    /// <returns>Null when it is none.</returns>
    public BoardToken? Read(string token)
    {
        int end = token.LastIndexOf('.');
        if (end < 0 || !token.StartsWith(Header + ".", StringComparison.Ordinal) || !IsSigned(token[..end], token[(end + 1)..]))
        {
            return null;
        }

        // Signed, so it is what Create wrote.
        Claims claims = JsonSerializer.Deserialize<Claims>(
            Base64Url.DecodeFromChars(token.AsSpan(Header.Length + 1, end - Header.Length - 1)), JsonSerializerOptions.Web)!;
        return new BoardToken(claims.Sub, claims.Kid, time.GetUtcNow().ToUnixTimeSeconds() >= claims.Exp);
    }

    private bool IsSigned(string signed, string signature) =>
        Base64Url.IsValid(signature, out int length) && length == HMACSHA256.HashSizeInBytes
        && CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(signature), Sign(signed));

    private byte[] Sign(string text) => HMACSHA256.HashData(key.Value, Encoding.UTF8.GetBytes(text));

    private static byte[] ReadOrMakeKey(string file)
    {
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var stream = new FileStream(file, how);
            stream.Write(RandomNumberGenerator.GetBytes(KeyBytes));
        }

        byte[] key = File.ReadAllBytes(file);
        return key.Length == KeyBytes ? key
            : throw new InvalidDataException(
                $"{file} must have {KeyBytes} bytes; it has {key.Length}. Delete it, and restart the boards: they then log in anew.");
    }

    private sealed record Claims(string Oid, string Sub, long Kid, long Iat, long Exp);
}
