namespace FeatureAlignment.Device.Screen;

/// <summary>A rectangle of pixels.</summary>
internal readonly struct ScreenRegion
{
    public ScreenRegion(int x, int y, int width, int height)
    {
        X = x;
        Y = y;
        Width = width;
        Height = height;
    }

    public int X { get; }

    public int Y { get; }

    public int Width { get; }

    public int Height { get; }

    public int Right => X + Width;

    public int Bottom => Y + Height;

    /// <summary>Whether two rectangles have a pixel in common.</summary>
    public bool Overlaps(ScreenRegion other) => X < other.Right && other.X < Right && Y < other.Bottom && other.Y < Bottom;

    /// <summary>Whether the other rectangle lies inside this one.</summary>
    public bool Contains(ScreenRegion other) => other.X >= X && other.Y >= Y && other.Right <= Right && other.Bottom <= Bottom;

    public override string ToString() => $"{X},{Y} {Width} x {Height}";
}
