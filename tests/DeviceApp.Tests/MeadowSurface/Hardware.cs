// Read from WildernessLabs/Meadow.Contracts, 2.1.0.1 (d83b7ec): Source/Meadow.Contracts/Hardware/Contracts/IWatchdogController.cs,
// Hardware/{MeadowPlatform,ResetReason}.cs and IDeviceInformation.cs, IPin.cs in the same project.
using System;

namespace Meadow.Hardware;

public interface IWatchdogController
{
    void WatchdogEnable(TimeSpan timeout);

    void WatchdogReset();
}

public interface IDeviceInformation
{
    MeadowPlatform Platform { get; }

    string UniqueID { get; }

    string OSVersion { get; }
}

public interface IPin
{
    string Name { get; }
}

public enum MeadowPlatform
{
    Unknown = 0,
    F7FeatherV1 = 1,
    F7FeatherV2 = 2,
    F7CoreComputeV2 = 3,
}

[Flags]
public enum ResetReason
{
    Unknown = 0,
    InsufficientPower = 1 << 1,
    HardwareReset = 1 << 2,
    PowerOnReset = 1 << 3,
    SoftwareReset = 1 << 4,
    IndependentWatchdog = 1 << 5,
    WindowWatchdog = 1 << 6,
    LowPower = 1 << 7,
}
