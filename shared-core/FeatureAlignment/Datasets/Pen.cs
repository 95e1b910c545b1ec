using System;

namespace FeatureAlignment.Datasets;

/// <summary>Draws smooth strokes with soft edges into a square image of ink from 0 (none) to 1.</summary>
internal readonly ref struct Pen
{
    private const int LinesPerSpan = 5;

    private readonly Span<float> ink;
    private readonly int side;
    private readonly float radius;
    private readonly float softness;

    /// <summary>A pen over an image.</summary>
    /// <param name="ink">[side x side], row-major; strokes darken it, nothing lightens it.</param>
    /// <param name="side">Pixels of one side.</param>
    /// <param name="radius">Half the width of a stroke, in pixels.</param>
    /// <param name="softness">Pixels over which the edge of a stroke fades.</param>
    internal Pen(Span<float> ink, int side, float radius, float softness)
    {
        this.ink = ink;
        this.side = side;
        this.radius = radius;
        this.softness = softness;
    }

    /// <summary>Draws a Catmull-Rom spline through points [x0, y0, x1, y1, ...], in pixels; a point given twice makes a corner.</summary>
    internal void DrawStroke(ReadOnlySpan<float> points)
    {
        int last = (points.Length / 2) - 1;
        for (int i = 0; i < last; i++)
        {
            DrawSpan(points, Math.Max(i - 1, 0), i, i + 1, Math.Min(i + 2, last));
        }
    }

    private void DrawSpan(ReadOnlySpan<float> points, int before, int from, int to, int after)
    {
        float x = points[2 * from];
        float y = points[(2 * from) + 1];
        float endX = points[2 * to];
        float endY = points[(2 * to) + 1];
        if (x == endX && y == endY)
        {
            return;
        }

        float slopeX = 0.5f * (endX - points[2 * before]);
        float slopeY = 0.5f * (endY - points[(2 * before) + 1]);
        float endSlopeX = 0.5f * (points[2 * after] - x);
        float endSlopeY = 0.5f * (points[(2 * after) + 1] - y);
        float startX = x;
        float startY = y;
        for (int line = 1; line <= LinesPerSpan; line++)
        {
            // The cubic Hermite basis.
            float t = line * (1f / LinesPerSpan);
            float toEnd = t * t * (3f - (2f * t));
            float ofSlope = t * (1f - t) * (1f - t);
            float ofEndSlope = t * t * (t - 1f);
            float nextX = startX + (toEnd * (endX - startX)) + (ofSlope * slopeX) + (ofEndSlope * endSlopeX);
            float nextY = startY + (toEnd * (endY - startY)) + (ofSlope * slopeY) + (ofEndSlope * endSlopeY);
            DrawLine(x, y, nextX, nextY);
            x = nextX;
            y = nextY;
        }
    }

    // Ink falls linearly from 1 to 0 over the softness around the stroke's edge, by the distance to the line.
    private void DrawLine(float x0, float y0, float x1, float y1)
    {
        float reach = radius + (0.5f * softness);
        int left = Math.Max(0, (int)(Math.Min(x0, x1) - reach));
        int right = Math.Min(side - 1, (int)(Math.Max(x0, x1) + reach));
        int top = Math.Max(0, (int)(Math.Min(y0, y1) - reach));
        int bottom = Math.Min(side - 1, (int)(Math.Max(y0, y1) + reach));
        float directionX = x1 - x0;
        float directionY = y1 - y0;
        float squaredLength = (directionX * directionX) + (directionY * directionY);
        float perSquaredLength = squaredLength > 0f ? 1f / squaredLength : 0f;
        float perSoftness = 1f / softness;
        float squaredReach = reach * reach;
        for (int row = top; row <= bottom; row++)
        {
            float fromY = row + 0.5f - y0;
            for (int column = left; column <= right; column++)
            {
                float fromX = column + 0.5f - x0;
                float along = ((fromX * directionX) + (fromY * directionY)) * perSquaredLength;
                along = along < 0f ? 0f : along > 1f ? 1f : along;
                float awayX = fromX - (along * directionX);
                float awayY = fromY - (along * directionY);
                float squaredDistance = (awayX * awayX) + (awayY * awayY);
                if (squaredDistance < squaredReach)
                {
                    float shade = (reach - (float)Math.Sqrt(squaredDistance)) * perSoftness;
                    shade = shade > 1f ? 1f : shade;
                    ref float pixel = ref ink[(row * side) + column];
                    pixel = shade > pixel ? shade : pixel;
                }
            }
        }
    }
}
