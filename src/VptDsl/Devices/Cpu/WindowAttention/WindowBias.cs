using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>
/// Position biases and masks of the scores in a window. A head's biases are spread from their table into panels that lie as the scores
/// do, [query panel, key, <see cref="MicroKernel.Columns"/>], once a call: all windows have the same.
/// </summary>
internal static unsafe class WindowBias
{
    /// <summary>Floats of a head's panels.</summary>
    public static long Floats(in WindowPlaces places) => Panels.Count(places.Tokens, MicroKernel.Columns) * PanelFloats(places);

    /// <summary>Floats of the panel of <see cref="MicroKernel.Columns"/> queries.</summary>
    public static long PanelFloats(in WindowPlaces places) => (long)places.Tokens * MicroKernel.Columns;

    /// <summary>panels[query, key] = factor * table[position, head]; 0 in lanes without a query.</summary>
    public static void Spread(in WindowPlaces places, in Matrix table, int head, float factor, float* panels)
    {
        for (int first = 0; first < places.Tokens; first += MicroKernel.Columns)
        {
            for (int key = 0; key < places.Tokens; key++)
            {
                for (int lane = 0; lane < MicroKernel.Columns; lane++)
                {
                    int query = first + lane;
                    *panels++ = query < places.Tokens ? factor * table.Row(places.Position(query, key))[head] : 0;
                }
            }
        }
    }

    /// <summary>table[position, head] = factor * the sum over the pairs at that position.</summary>
    public static void Collect(in WindowPlaces places, float* panels, int head, float factor, in Matrix table)
    {
        for (int position = 0; position < places.Positions; position++)
        {
            table.Row(position)[head] = 0;
        }

        for (int first = 0; first < places.Tokens; first += MicroKernel.Columns)
        {
            int queries = Math.Min(MicroKernel.Columns, places.Tokens - first);
            for (int key = 0; key < places.Tokens; key++)
            {
                for (int lane = 0; lane < queries; lane++)
                {
                    table.Row(places.Position(first + lane, key))[head] += factor * panels[lane];
                }

                panels += MicroKernel.Columns;
            }
        }
    }

    /// <summary>Adds <paramref name="masked"/> to the scores of keys whose origin is not the query's.</summary>
    /// <param name="scores">[keys, <see cref="MicroKernel.Columns"/>].</param>
    /// <param name="keys">The number of keys.</param>
    /// <param name="keyOrigins">For each key, a number.</param>
    /// <param name="queryOrigins">For each lane, a number.</param>
    /// <param name="masked">What is added.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mask(float* scores, int keys, float* keyOrigins, float* queryOrigins, float masked)
    {
        for (int key = 0; key < keys; key++)
        {
            var origin = Vector.Create(keyOrigins[key]);
            for (int lane = 0; lane < MicroKernel.Columns; lane += Lanes.Width)
            {
                var same = Vector.Equals(Vector.Load(queryOrigins + lane), origin);
                var penalty = Vector.ConditionalSelect(same, Vector<float>.Zero, Vector.Create(masked));
                Vector.Store(Vector.Load(scores + lane) + penalty, scores + lane);
            }

            scores += MicroKernel.Columns;
        }
    }
}
