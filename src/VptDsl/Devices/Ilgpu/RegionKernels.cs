using ILGPU;

namespace VptDsl.Devices.Ilgpu;

/// <summary>Kernels over whole regions, the same for every program.</summary>
internal static class RegionKernels
{
    /// <summary>Numbers that a sum comes to the host as.</summary>
    public const int PartialSums = 4096;

    /// <summary>target = keep · target + add · source; where keep is 0, nothing of the target remains, whatever it was.</summary>
    public static void Combine(Index1D index, ArrayView<float> target, ArrayView<float> source, float keep, float add)
    {
        float kept = keep == 0f ? 0f : keep * target[index];
        target[index] = kept + (add * source[index]);
    }

    /// <summary>Each thread sums the squares of the elements at its place and every so many after it.</summary>
    public static void SumOfSquares(Index1D index, ArrayView<float> source, ArrayView<float> sums)
    {
        float sum = 0;
        for (long i = index; i < source.Length; i += PartialSums)
            sum += source[i] * source[i];
        sums[index] = sum;
    }
}
