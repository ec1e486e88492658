using System.Text;
using VptDsl.Data;

namespace VptDsl.Programs;

/// <summary>Draws the first values of parameters.</summary>
internal static class Initialization
{
    /// <summary>Draws a parameter from a stream of its own, found by its name: what else a model has does not matter.</summary>
    public static float[] Draw(ParameterDescription parameter, int seed)
    {
        float[] values = new float[parameter.Count];
        Initializer initializer = parameter.Initializer;
        var stream = new RandomStream(seed, KeyOf(parameter.Name));
        switch (initializer.Distribution)
        {
            case Distribution.Constant:
                Array.Fill(values, initializer.Value);
                break;
            case Distribution.Uniform:
                for (int i = 0; i < values.Length; i++)
                    values[i] = ((2 * stream.NextFloat()) - 1) * initializer.Value;
                break;
            // What a deviation is added to is not known here.
            case Distribution.ClassToken:
            case Distribution.Normal:
                FillNormal(initializer.Value);
                break;
            case Distribution.FanOut:
                FillNormal((float)Math.Sqrt((double)initializer.Value / parameter.Shape[0]));
                break;
            case Distribution.Fraction:
                for (int i = 0; i < values.Length; i++)
                    values[i] = stream.NextFloat() * initializer.Value;
                break;
            case Distribution.SineCosine:
                SineCosinePositions.Fill(values, parameter.Grid!, parameter.Shape[2], initializer.Value);
                break;
            case Distribution.RotaryHalves:
                RotaryTable.FillHalves(values, parameter.Shape[0], parameter.Shape[1], parameter.Shape[2] / 2, initializer.Value);
                break;
            case Distribution.RotaryPairs:
                RotaryTable.FillPairs(values, parameter.Shape[0], parameter.Shape[1], parameter.Shape[2] / 2, initializer.Value);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(parameter), initializer.Distribution, "An unknown distribution.");
        }

        return values;

        void FillNormal(float deviation)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = stream.NextNormal() * deviation;
        }
    }

    /// <summary>Adds a token to each row of a parameter.</summary>
    /// <param name="values">[rows, token].</param>
    /// <param name="token">The token.</param>
    public static void AddToRows(Span<float> values, ReadOnlySpan<float> token)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] += token[i % token.Length];
    }

    /// <summary>FNV-1a over the name: string.GetHashCode differs from run to run.</summary>
    private static long KeyOf(string name)
    {
        ulong hash = 14695981039346656037;
        foreach (byte octet in Encoding.UTF8.GetBytes(name))
            hash = unchecked((hash ^ octet) * 1099511628211);
        return unchecked((long)hash);
    }
}
