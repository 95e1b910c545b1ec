using System.Runtime.CompilerServices;

namespace FeatureAlignment.Kernels.Vector;

/// <summary>
/// The left operand of a tile: element (row, k) stands at <c>Start[row * RowStride + k * SumStride]</c>, so that one tile serves a
/// matrix and its transpose. The right operand's row k stands at <c>Panel[k * PanelStride]</c>, thirty-two columns wide.
/// </summary>
internal readonly unsafe struct TileOperands(float* start, nint rowStride, nint sumStride, float* panel, nint panelStride, int length)
{
    public readonly float* Start = start;
    public readonly nint RowStride = rowStride;
    public readonly nint SumStride = sumStride;
    public readonly float* Panel = panel;
    public readonly nint PanelStride = panelStride;

    /// <summary>Number of products in each sum.</summary>
    public readonly int Length = length;

    /// <summary>The products [firstProduct, + length) of each sum, and the panel that starts so many columns further right.</summary>
    public TileOperands Part(int column, int firstProduct, int length) =>
        new(Start + (firstProduct * SumStride), RowStride, SumStride, Panel + (firstProduct * PanelStride) + column, PanelStride, length);

    public TileOperands FromRow(int rowIndex) => new(Start + (rowIndex * RowStride), RowStride, SumStride, Panel, PanelStride, Length);
}

/// <summary>
/// Register-blocked tiles of a matrix product: c[r, 0..31] += Σ_k left(r, k) · panel(k, 0..31), k ascending, one fused multiply-add a
/// product, of one pair of operands and then of a second one, which may be empty. The sums stay in registers from the first product to the
/// last; the shape follows BLIS (Van Zee and van de Geijn 2015). Compiled fully at once, as <see cref="Rows{TLanes}"/>.
/// </summary>
internal static unsafe class Tile<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Columns of every tile: two groups of sixteen lanes.</summary>
    public const int Width = 32;

    /// <summary>Rows that a caller passes at a time where it has the choice: the tallest tile.</summary>
    public const int BandRows = 12;

    /// <summary>Adds the products to <paramref name="rows"/> rows of c, in the tallest tiles that fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(in TileOperands first, in TileOperands second, float* c, nint cStride, int rows)
    {
        int row = 0;
        if (TLanes.TileRows == 12)
        {
            for (; row <= rows - 12; row += 12)
            {
                AddTwelve(first.FromRow(row), second.FromRow(row), c + (row * cStride), cStride);
            }

            if (row <= rows - 8)
            {
                AddEight(first.FromRow(row), second.FromRow(row), c + (row * cStride), cStride);
                row += 8;
            }

            if (row <= rows - 4)
            {
                AddFour(first.FromRow(row), second.FromRow(row), c + (row * cStride), cStride);
                row += 4;
            }
        }

        for (; row <= rows - 3; row += 3)
        {
            AddThree(first.FromRow(row), second.FromRow(row), c + (row * cStride), cStride);
        }

        for (; row < rows; row++)
        {
            AddOne(first.FromRow(row), second.FromRow(row), c + (row * cStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTwelve(in TileOperands first, in TileOperands second, float* c, nint cStride)
    {
        TLanes l0 = TLanes.Load(c), h0 = TLanes.Load(c + 16);
        TLanes l1 = TLanes.Load(c + cStride), h1 = TLanes.Load(c + cStride + 16);
        TLanes l2 = TLanes.Load(c + (2 * cStride)), h2 = TLanes.Load(c + (2 * cStride) + 16);
        TLanes l3 = TLanes.Load(c + (3 * cStride)), h3 = TLanes.Load(c + (3 * cStride) + 16);
        TLanes l4 = TLanes.Load(c + (4 * cStride)), h4 = TLanes.Load(c + (4 * cStride) + 16);
        TLanes l5 = TLanes.Load(c + (5 * cStride)), h5 = TLanes.Load(c + (5 * cStride) + 16);
        TLanes l6 = TLanes.Load(c + (6 * cStride)), h6 = TLanes.Load(c + (6 * cStride) + 16);
        TLanes l7 = TLanes.Load(c + (7 * cStride)), h7 = TLanes.Load(c + (7 * cStride) + 16);
        TLanes l8 = TLanes.Load(c + (8 * cStride)), h8 = TLanes.Load(c + (8 * cStride) + 16);
        TLanes l9 = TLanes.Load(c + (9 * cStride)), h9 = TLanes.Load(c + (9 * cStride) + 16);
        TLanes l10 = TLanes.Load(c + (10 * cStride)), h10 = TLanes.Load(c + (10 * cStride) + 16);
        TLanes l11 = TLanes.Load(c + (11 * cStride)), h11 = TLanes.Load(c + (11 * cStride) + 16);

        TileOperands operands = first;
        for (int term = 0; term < 2; term++)
        {
            nint stride = operands.RowStride, stride2 = stride * 2, stride3 = stride * 3, sumStride = operands.SumStride;
            float* p = operands.Start, q = p + (stride * 4), s = p + (stride * 8);
            float* panel = operands.Panel;
            nint panelStride = operands.PanelStride;
            for (int k = operands.Length; k > 0; k--)
            {
                TLanes low = TLanes.Load(panel), high = TLanes.Load(panel + 16), x;
                x = TLanes.Broadcast(p[0]);
                l0 = TLanes.MultiplyAdd(x, low, l0);
                h0 = TLanes.MultiplyAdd(x, high, h0);
                x = TLanes.Broadcast(p[stride]);
                l1 = TLanes.MultiplyAdd(x, low, l1);
                h1 = TLanes.MultiplyAdd(x, high, h1);
                x = TLanes.Broadcast(p[stride2]);
                l2 = TLanes.MultiplyAdd(x, low, l2);
                h2 = TLanes.MultiplyAdd(x, high, h2);
                x = TLanes.Broadcast(p[stride3]);
                l3 = TLanes.MultiplyAdd(x, low, l3);
                h3 = TLanes.MultiplyAdd(x, high, h3);
                x = TLanes.Broadcast(q[0]);
                l4 = TLanes.MultiplyAdd(x, low, l4);
                h4 = TLanes.MultiplyAdd(x, high, h4);
                x = TLanes.Broadcast(q[stride]);
                l5 = TLanes.MultiplyAdd(x, low, l5);
                h5 = TLanes.MultiplyAdd(x, high, h5);
                x = TLanes.Broadcast(q[stride2]);
                l6 = TLanes.MultiplyAdd(x, low, l6);
                h6 = TLanes.MultiplyAdd(x, high, h6);
                x = TLanes.Broadcast(q[stride3]);
                l7 = TLanes.MultiplyAdd(x, low, l7);
                h7 = TLanes.MultiplyAdd(x, high, h7);
                x = TLanes.Broadcast(s[0]);
                l8 = TLanes.MultiplyAdd(x, low, l8);
                h8 = TLanes.MultiplyAdd(x, high, h8);
                x = TLanes.Broadcast(s[stride]);
                l9 = TLanes.MultiplyAdd(x, low, l9);
                h9 = TLanes.MultiplyAdd(x, high, h9);
                x = TLanes.Broadcast(s[stride2]);
                l10 = TLanes.MultiplyAdd(x, low, l10);
                h10 = TLanes.MultiplyAdd(x, high, h10);
                x = TLanes.Broadcast(s[stride3]);
                l11 = TLanes.MultiplyAdd(x, low, l11);
                h11 = TLanes.MultiplyAdd(x, high, h11);
                p += sumStride;
                q += sumStride;
                s += sumStride;
                panel += panelStride;
            }

            operands = second;
        }

        StoreRow(c, l0, h0);
        StoreRow(c + cStride, l1, h1);
        StoreRow(c + (2 * cStride), l2, h2);
        StoreRow(c + (3 * cStride), l3, h3);
        StoreRow(c + (4 * cStride), l4, h4);
        StoreRow(c + (5 * cStride), l5, h5);
        StoreRow(c + (6 * cStride), l6, h6);
        StoreRow(c + (7 * cStride), l7, h7);
        StoreRow(c + (8 * cStride), l8, h8);
        StoreRow(c + (9 * cStride), l9, h9);
        StoreRow(c + (10 * cStride), l10, h10);
        StoreRow(c + (11 * cStride), l11, h11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddEight(in TileOperands first, in TileOperands second, float* c, nint cStride)
    {
        TLanes l0 = TLanes.Load(c), h0 = TLanes.Load(c + 16);
        TLanes l1 = TLanes.Load(c + cStride), h1 = TLanes.Load(c + cStride + 16);
        TLanes l2 = TLanes.Load(c + (2 * cStride)), h2 = TLanes.Load(c + (2 * cStride) + 16);
        TLanes l3 = TLanes.Load(c + (3 * cStride)), h3 = TLanes.Load(c + (3 * cStride) + 16);
        TLanes l4 = TLanes.Load(c + (4 * cStride)), h4 = TLanes.Load(c + (4 * cStride) + 16);
        TLanes l5 = TLanes.Load(c + (5 * cStride)), h5 = TLanes.Load(c + (5 * cStride) + 16);
        TLanes l6 = TLanes.Load(c + (6 * cStride)), h6 = TLanes.Load(c + (6 * cStride) + 16);
        TLanes l7 = TLanes.Load(c + (7 * cStride)), h7 = TLanes.Load(c + (7 * cStride) + 16);

        TileOperands operands = first;
        for (int term = 0; term < 2; term++)
        {
            nint stride = operands.RowStride, stride2 = stride * 2, stride3 = stride * 3, sumStride = operands.SumStride;
            float* p = operands.Start, q = p + (stride * 4);
            float* panel = operands.Panel;
            nint panelStride = operands.PanelStride;
            for (int k = operands.Length; k > 0; k--)
            {
                TLanes low = TLanes.Load(panel), high = TLanes.Load(panel + 16), x;
                x = TLanes.Broadcast(p[0]);
                l0 = TLanes.MultiplyAdd(x, low, l0);
                h0 = TLanes.MultiplyAdd(x, high, h0);
                x = TLanes.Broadcast(p[stride]);
                l1 = TLanes.MultiplyAdd(x, low, l1);
                h1 = TLanes.MultiplyAdd(x, high, h1);
                x = TLanes.Broadcast(p[stride2]);
                l2 = TLanes.MultiplyAdd(x, low, l2);
                h2 = TLanes.MultiplyAdd(x, high, h2);
                x = TLanes.Broadcast(p[stride3]);
                l3 = TLanes.MultiplyAdd(x, low, l3);
                h3 = TLanes.MultiplyAdd(x, high, h3);
                x = TLanes.Broadcast(q[0]);
                l4 = TLanes.MultiplyAdd(x, low, l4);
                h4 = TLanes.MultiplyAdd(x, high, h4);
                x = TLanes.Broadcast(q[stride]);
                l5 = TLanes.MultiplyAdd(x, low, l5);
                h5 = TLanes.MultiplyAdd(x, high, h5);
                x = TLanes.Broadcast(q[stride2]);
                l6 = TLanes.MultiplyAdd(x, low, l6);
                h6 = TLanes.MultiplyAdd(x, high, h6);
                x = TLanes.Broadcast(q[stride3]);
                l7 = TLanes.MultiplyAdd(x, low, l7);
                h7 = TLanes.MultiplyAdd(x, high, h7);
                p += sumStride;
                q += sumStride;
                panel += panelStride;
            }

            operands = second;
        }

        StoreRow(c, l0, h0);
        StoreRow(c + cStride, l1, h1);
        StoreRow(c + (2 * cStride), l2, h2);
        StoreRow(c + (3 * cStride), l3, h3);
        StoreRow(c + (4 * cStride), l4, h4);
        StoreRow(c + (5 * cStride), l5, h5);
        StoreRow(c + (6 * cStride), l6, h6);
        StoreRow(c + (7 * cStride), l7, h7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFour(in TileOperands first, in TileOperands second, float* c, nint cStride)
    {
        TLanes l0 = TLanes.Load(c), h0 = TLanes.Load(c + 16);
        TLanes l1 = TLanes.Load(c + cStride), h1 = TLanes.Load(c + cStride + 16);
        TLanes l2 = TLanes.Load(c + (2 * cStride)), h2 = TLanes.Load(c + (2 * cStride) + 16);
        TLanes l3 = TLanes.Load(c + (3 * cStride)), h3 = TLanes.Load(c + (3 * cStride) + 16);

        TileOperands operands = first;
        for (int term = 0; term < 2; term++)
        {
            nint stride = operands.RowStride, stride2 = stride * 2, stride3 = stride * 3, sumStride = operands.SumStride;
            float* p = operands.Start;
            float* panel = operands.Panel;
            nint panelStride = operands.PanelStride;
            for (int k = operands.Length; k > 0; k--)
            {
                TLanes low = TLanes.Load(panel), high = TLanes.Load(panel + 16), x;
                x = TLanes.Broadcast(p[0]);
                l0 = TLanes.MultiplyAdd(x, low, l0);
                h0 = TLanes.MultiplyAdd(x, high, h0);
                x = TLanes.Broadcast(p[stride]);
                l1 = TLanes.MultiplyAdd(x, low, l1);
                h1 = TLanes.MultiplyAdd(x, high, h1);
                x = TLanes.Broadcast(p[stride2]);
                l2 = TLanes.MultiplyAdd(x, low, l2);
                h2 = TLanes.MultiplyAdd(x, high, h2);
                x = TLanes.Broadcast(p[stride3]);
                l3 = TLanes.MultiplyAdd(x, low, l3);
                h3 = TLanes.MultiplyAdd(x, high, h3);
                p += sumStride;
                panel += panelStride;
            }

            operands = second;
        }

        StoreRow(c, l0, h0);
        StoreRow(c + cStride, l1, h1);
        StoreRow(c + (2 * cStride), l2, h2);
        StoreRow(c + (3 * cStride), l3, h3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddThree(in TileOperands first, in TileOperands second, float* c, nint cStride)
    {
        TLanes l0 = TLanes.Load(c), h0 = TLanes.Load(c + 16);
        TLanes l1 = TLanes.Load(c + cStride), h1 = TLanes.Load(c + cStride + 16);
        TLanes l2 = TLanes.Load(c + (2 * cStride)), h2 = TLanes.Load(c + (2 * cStride) + 16);

        TileOperands operands = first;
        for (int term = 0; term < 2; term++)
        {
            nint stride = operands.RowStride, stride2 = stride * 2, sumStride = operands.SumStride;
            float* p = operands.Start;
            float* panel = operands.Panel;
            nint panelStride = operands.PanelStride;
            for (int k = operands.Length; k > 0; k--)
            {
                TLanes low = TLanes.Load(panel), high = TLanes.Load(panel + 16), x;
                x = TLanes.Broadcast(p[0]);
                l0 = TLanes.MultiplyAdd(x, low, l0);
                h0 = TLanes.MultiplyAdd(x, high, h0);
                x = TLanes.Broadcast(p[stride]);
                l1 = TLanes.MultiplyAdd(x, low, l1);
                h1 = TLanes.MultiplyAdd(x, high, h1);
                x = TLanes.Broadcast(p[stride2]);
                l2 = TLanes.MultiplyAdd(x, low, l2);
                h2 = TLanes.MultiplyAdd(x, high, h2);
                p += sumStride;
                panel += panelStride;
            }

            operands = second;
        }

        StoreRow(c, l0, h0);
        StoreRow(c + cStride, l1, h1);
        StoreRow(c + (2 * cStride), l2, h2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOne(in TileOperands first, in TileOperands second, float* c)
    {
        TLanes low = TLanes.Load(c), high = TLanes.Load(c + 16);
        TileOperands operands = first;
        for (int term = 0; term < 2; term++)
        {
            float* p = operands.Start, panel = operands.Panel;
            for (int k = operands.Length; k > 0; k--)
            {
                TLanes x = TLanes.Broadcast(*p);
                low = TLanes.MultiplyAdd(x, TLanes.Load(panel), low);
                high = TLanes.MultiplyAdd(x, TLanes.Load(panel + 16), high);
                p += operands.SumStride;
                panel += operands.PanelStride;
            }

            operands = second;
        }

        StoreRow(c, low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* c, TLanes low, TLanes high)
    {
        low.Store(c);
        high.Store(c + 16);
    }
}
