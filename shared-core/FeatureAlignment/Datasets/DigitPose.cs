using System;

namespace FeatureAlignment.Datasets;

/// <summary>One writer's hand for one digit: where a point of the digit's box falls on the image.</summary>
internal readonly struct DigitPose
{
    private const float FullTurn = 6.2831853f;

    private readonly float xOfX;
    private readonly float xOfY;
    private readonly float yOfX;
    private readonly float yOfY;
    private readonly float left;
    private readonly float top;
    private readonly float bendOfX;
    private readonly float bendOfY;
    private readonly float phaseOfX;
    private readonly float phaseOfY;
    private readonly float frequency;

    internal DigitPose(RandomSource random, int side)
    {
        float angle = 0.12f * Limited(random);
        float slant = 0.06f + (0.2f * Limited(random));
        float height = side * (0.69f + (0.05f * Limited(random)));
        float width = height * (0.92f + (0.13f * Limited(random)));
        float cos = ElementaryFunctions.Cos(angle);
        float sin = ElementaryFunctions.Sin(angle);

        // Rotation · slant · size; the slant leans the top, which is y below 0, to the right.
        xOfX = cos * width;
        yOfX = sin * width;
        xOfY = ((-slant * cos) - sin) * height;
        yOfY = (cos - (slant * sin)) * height;
        left = (0.5f * side) + (0.051f * side * Limited(random));
        top = (0.5f * side) + (0.051f * side * Limited(random));

        bendOfX = 0.04f * Limited(random);
        bendOfY = 0.04f * Limited(random);
        phaseOfX = FullTurn * random.NextSingle();
        phaseOfY = FullTurn * random.NextSingle();
        frequency = FullTurn * (0.5f + (0.6f * random.NextSingle()));
    }

    /// <summary>Maps a point of the box, 0 at its centre and ±0.5 at its sides, to pixels.</summary>
    internal void Place(float boxX, float boxY, out float x, out float y)
    {
        float bentX = boxX + (bendOfX * ElementaryFunctions.Sin((frequency * boxY) + phaseOfX));
        float bentY = boxY + (bendOfY * ElementaryFunctions.Sin((frequency * boxX) + phaseOfY));
        x = left + (xOfX * bentX) + (xOfY * bentY);
        y = top + (yOfX * bentX) + (yOfY * bentY);
    }

    // A normal deviate without the tails that would push a digit off the image.
    private static float Limited(RandomSource random) => Math.Max(-2f, Math.Min(2f, random.NextNormal()));
}
