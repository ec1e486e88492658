using System.Numerics;

namespace VptDsl.Data;

/// <summary>
/// A stream of pseudo-random numbers that is the same on every machine and .NET version: xoshiro256** (Blackman and Vigna, 2018), its
/// state filled by splitmix64 from a seed and a path of keys.
/// </summary>
/// <remarks>
/// Streams with different keys are independent for all practical purposes, so that each use of chance (an epoch's order, an image's
/// augmentation) can have one of its own and does not depend on what was drawn elsewhere or in which order. A mutable value: pass it
/// by reference.
/// </remarks>
public struct RandomStream
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Opens the stream of a seed and keys.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="keys">What the stream is for, for instance a purpose, an epoch and an index. Their order matters.</param>
    public RandomStream(long seed, params ReadOnlySpan<long> keys)
    {
        ulong state = (ulong)seed;
        foreach (long key in keys)
            state = Mix(ref state) ^ (ulong)key;

        _s0 = Mix(ref state);
        _s1 = Mix(ref state);
        _s2 = Mix(ref state);
        _s3 = Mix(ref state);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        // A state of zeros would stay one for ever: what nobody opened is the stream of seed 0.
        if ((_s0 | _s1 | _s2 | _s3) == 0)
            this = new RandomStream(0);
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number in [0, 1) with 24 random bits.</summary>
    public float NextFloat() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1L << 53));

    /// <summary>A whole number in [0, <paramref name="bound"/>), every one equally likely.</summary>
    /// <param name="bound">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        // Lemire's method: the high half of a 32 x 32 bit product, redrawn in the few cases that would favour some numbers.
        uint range = (uint)bound;
        ulong product = (NextBits() >> 32) * range;
        if ((uint)product < range)
        {
            uint threshold = unchecked(0u - range) % range;
            while ((uint)product < threshold)
                product = (NextBits() >> 32) * range;
        }

        return (int)(product >> 32);
    }

    /// <summary>A number from the normal distribution with mean 0 and standard deviation 1.</summary>
    /// <remarks>
    /// Marsaglia's polar method in double precision; the logarithm is the platform's, whose last bit may differ between systems,
    /// hardly ever enough to change the rounded single-precision result.
    /// </remarks>
    public float NextNormal()
    {
        while (true)
        {
            double x = (2 * NextDouble()) - 1;
            double y = (2 * NextDouble()) - 1;
            double square = (x * x) + (y * y);
            if (square is > 0 and < 1)
                return (float)(x * Math.Sqrt(-2 * Math.Log(square) / square));
        }
    }

    /// <summary>Puts the items in a random order (Fisher-Yates), every order equally likely.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
