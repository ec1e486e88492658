using System.Numerics;
using System.Runtime.CompilerServices;

namespace VptDsl.Devices.Cpu;

/// <summary>Part-filled vectors. The ends of rows go through the same vector arithmetic as their middles, so an element's bits do not
/// depend on its column.</summary>
internal static unsafe class Lanes
{
    /// <summary>Floats in a vector; a constant once compiled.</summary>
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector<float>.Count;
    }

    /// <summary>Loads <paramref name="count"/> lanes, all or the first few; the others are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* source, int count) => count == Width ? Vector.Load(source) : LoadPart(source, count);

    /// <summary>Stores <paramref name="count"/> lanes, all or the first few.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> vector, float* destination, int count)
    {
        if (count == Width)
        {
            Vector.Store(vector, destination);
        }
        else
        {
            StorePart(vector, destination, count);
        }
    }

    /// <summary>Loads the first <paramref name="count"/> lanes, the others are 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector<float> LoadPart(float* source, int count)
    {
        var vector = Vector<float>.Zero;
        float* lanes = (float*)&vector;
        for (int i = 0; i < count; i++)
        {
            lanes[i] = source[i];
        }

        return vector;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StorePart(Vector<float> vector, float* destination, int count)
    {
        float* lanes = (float*)&vector;
        for (int i = 0; i < count; i++)
        {
            destination[i] = lanes[i];
        }
    }

    /// <summary>The largest lane.</summary>
    public static float Max(Vector<float> vector)
    {
        float* lanes = (float*)&vector;
        float max = lanes[0];
        for (int i = 1; i < Width; i++)
        {
            max = Math.Max(max, lanes[i]);
        }

        return max;
    }
}
