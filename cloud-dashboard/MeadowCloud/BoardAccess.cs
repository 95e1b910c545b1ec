using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FeatureAlignment.Dashboard.Hosting;
using FeatureAlignment.Dashboard.Storage;

namespace FeatureAlignment.Dashboard.MeadowCloud;

/// <summary>Which boards may come with a token, and which without; for both doors, HTTP and MQTT.</summary>
/// <remarks>
/// Without a token come boards that the command line lists, from anywhere; and from this machine all that never had a key, of whatever
/// kind. The first key ends that for ever, also when it is revoked.
/// </remarks>
internal sealed class BoardAccess(DashboardOptions options, ITelemetryStore store, BoardTokens tokens, BoardKeys keys)
{
    /// <summary>Whether any board may come from elsewhere without a token.</summary>
    public bool ListsBoards => options.UnauthenticatedBoards.Count > 0;

    /// <summary>The board that a token is of.</summary>
    /// <param name="token">What came.</param>
    /// <param name="allowExpired">Whether its time may be over.</param>
    /// <param name="cancellation">When the sender has gone.</param>
    /// <returns>Null when it is no token, or its key is revoked.</returns>
    public async Task<string?> FindBoardAsync(string token, bool allowExpired, CancellationToken cancellation) =>
        tokens.Read(token) is BoardToken read && (allowExpired || !read.IsExpired)
        && (await keys.FindAsync(read.DeviceId, cancellation))?.Id == read.PublicKeyId
            ? read.DeviceId
            : null;

    /// <summary>Whether a token is one that this dashboard gave, be it over or its key revoked.</summary>
    public bool IsToken(string token) => tokens.Read(token) is not null;

    /// <summary>Why a board may not come without a token; null when it may.</summary>
    /// <param name="deviceId">The board.</param>
    /// <param name="isSameMachine">Whether it comes from the dashboard's own machine.</param>
    /// <param name="cancellation">When the sender has gone.</param>
    public async Task<string?> FindRefusalAsync(string deviceId, bool isSameMachine, CancellationToken cancellation)
    {
        if (options.UnauthenticatedBoards.Contains(deviceId))
        {
            return null;
        }

        if (!isSameMachine)
        {
            return $"Board {deviceId} must log in, or be listed by --allow-unauthenticated-boards; it does not and is not.";
        }

        bool hadKey = (await store.ListKeysAsync(deviceId, cancellation)).Any()
            || (await store.ListPublicKeysAsync(deviceId, cancellation)).Any();
        return hadKey ? $"Board {deviceId} must log in, as it has a key; it does not." : null;
    }

    /// <summary>The board's id as the store has it: Meadow capitalizes ids in some places and not in others.</summary>
    public async Task<string> ResolveAsync(string deviceId, CancellationToken cancellation) =>
        await store.FindDeviceIdAsync(deviceId, cancellation) ?? deviceId;
}
