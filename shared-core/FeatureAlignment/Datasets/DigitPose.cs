using System;

namespace FeatureAlignment.Datasets;

/// <summary>One writer's hand for one digit: where a point of the digit's box falls on the image.</summary>
internal readonly struct DigitPose
{
    private const float FullTurn = 6.2831853f;

    private readonly float _xOfX;
    private readonly float _xOfY;
    private readonly float _yOfX;
    private readonly float _yOfY;
    private readonly float _left;
    private readonly float _top;
    private readonly float _bendOfX;
    private readonly float _bendOfY;
    private readonly float _phaseOfX;
    private readonly float _phaseOfY;
    private readonly float _frequency;

    internal DigitPose(RandomSource random, int side)
    {
        float angle = 0.12f * Limited(random);
        float slant = 0.06f + (0.2f * Limited(random));
        float height = side * (0.69f + (0.05f * Limited(random)));
        float width = height * (0.92f + (0.13f * Limited(random)));
        float cos = ElementaryFunctions.Cos(angle);
        float sin = ElementaryFunctions.Sin(angle);

        // Rotation · slant · size; the slant leans the top, which is y below 0, to the right.
        _xOfX = cos * width;
        _yOfX = sin * width;
        _xOfY = ((-slant * cos) - sin) * height;
        _yOfY = (cos - (slant * sin)) * height;
        _left = (0.5f * side) + (0.051f * side * Limited(random));
        _top = (0.5f * side) + (0.051f * side * Limited(random));

        _bendOfX = 0.04f * Limited(random);
        _bendOfY = 0.04f * Limited(random);
        _phaseOfX = FullTurn * random.NextSingle();
        _phaseOfY = FullTurn * random.NextSingle();
        _frequency = FullTurn * (0.5f + (0.6f * random.NextSingle()));
    }

    /// <summary>Maps a point of the box, 0 at its centre and ±0.5 at its sides, to pixels.</summary>
    internal void Place(float boxX, float boxY, out float x, out float y)
    {
        float bentX = boxX + (_bendOfX * ElementaryFunctions.Sin((_frequency * boxY) + _phaseOfX));
        float bentY = boxY + (_bendOfY * ElementaryFunctions.Sin((_frequency * boxX) + _phaseOfY));
        x = _left + (_xOfX * bentX) + (_xOfY * bentY);
        y = _top + (_yOfX * bentX) + (_yOfY * bentY);
    }

    // A normal deviate without the tails that would push a digit off the image.
    private static float Limited(RandomSource random) => Math.Max(-2f, Math.Min(2f, random.NextNormal()));
}
