// Read from WildernessLabs/Meadow.Units, 2.1.0.1 (acac92d): Source/Meadow.Units/{Temperature,RelativeHumidity,Pressure,Resistance,
// Illuminance,Acceleration,Acceleration3D,AngularVelocity,AngularVelocity3D,DigitalStorage}.cs. Values are made in one unit only here.
namespace Meadow.Units;

public readonly struct Temperature(double celsius)
{
    public double Celsius { get; } = celsius;
}

public readonly struct RelativeHumidity(double percent)
{
    public double Percent { get; } = percent;
}

public readonly struct Pressure(double bar)
{
    public double Hectopascal { get; } = 1000 * bar;
}

public readonly struct Resistance(double ohms)
{
    public double Kiloohms { get; } = ohms / 1000;
}

public readonly struct Illuminance(double lux)
{
    public double Lux { get; } = lux;
}

public readonly struct Acceleration(double gravity)
{
    public double Gravity { get; } = gravity;
}

public readonly struct Acceleration3D(Acceleration x, Acceleration y, Acceleration z)
{
    public Acceleration X { get; } = x;

    public Acceleration Y { get; } = y;

    public Acceleration Z { get; } = z;
}

public readonly struct AngularVelocity(double degreesPerSecond)
{
    public double DegreesPerSecond { get; } = degreesPerSecond;
}

public readonly struct AngularVelocity3D(AngularVelocity x, AngularVelocity y, AngularVelocity z)
{
    public AngularVelocity X { get; } = x;

    public AngularVelocity Y { get; } = y;

    public AngularVelocity Z { get; } = z;
}

public readonly struct DigitalStorage(double bytes)
{
    public double Bytes { get; } = bytes;
}
