using VptDsl.Weights;
using VptDsl.Weights.Positions;

namespace VptDsl.Tests.Weights;

/// <summary>Kernels for patches of another size make of an interpolated patch what the old ones made of the patch.</summary>
public sealed class PatchKernelTests
{
    [Theory]
    [InlineData(14, 16)]
    [InlineData(7, 16)]
    [InlineData(3, 4)]
    public void An_enlarged_patch_gives_what_the_patch_gave(int from, int to)
    {
        var random = new Random(from);
        float[] kernels = Draw(random, 2 * from * from), patch = Draw(random, from * from);

        float[] resampled = new float[2 * to * to];
        PatchKernels.Apply(new(from, to), kernels, resampled);

        double[] enlarged = Interpolate(patch, from, to);
        for (int kernel = 0; kernel < 2; kernel++)
        {
            double expected = Dot(kernels.AsSpan(kernel * from * from, from * from), [.. patch.Select(v => (double)v)]);
            Assert.Equal(expected, Dot(resampled.AsSpan(kernel * to * to, to * to), enlarged), 1e-4);
        }
    }

    /// <summary>No kernel does that for every patch where patches shrink; the nearest leaves nothing that a patch could still gain.</summary>
    [Theory]
    [InlineData(16, 14)]
    [InlineData(16, 8)]
    public void A_shrunken_patch_gives_what_comes_nearest(int from, int to)
    {
        float[] kernel = Draw(new Random(to), from * from), resampled = new float[to * to];

        PatchKernels.Apply(new(from, to), kernel, resampled);

        double[,] b = ResamplingWeights.Make(PositionRule.BicubicAntialias, from, to).ToMatrix();
        double[] left = [.. Spread(resampled, b).Zip(kernel, (spread, old) => spread - old)];
        Assert.True(left.Max(Math.Abs) > 0.1, "Nothing is lost, so that nothing is checked.");
        Assert.All(Interpolate([.. left.Select(v => (float)v)], from, to), rest => Assert.Equal(0, rest, 1e-4));
    }

    /// <summary>Bᵀ · w · B: the patches of the old size that a kernel of the new size is felt by.</summary>
    private static double[] Spread(float[] kernel, double[,] b)
    {
        int to = b.GetLength(0), from = b.GetLength(1);
        return
        [
            .. from row in Enumerable.Range(0, from)
               from column in Enumerable.Range(0, from)
               select Enumerable.Range(0, to).Sum(i => Enumerable.Range(0, to).Sum(j => b[i, row] * b[j, column] * kernel[(i * to) + j])),
        ];
    }

    private static double[] Interpolate(float[] patch, int from, int to)
    {
        double[,] b = ResamplingWeights.Make(PositionRule.BicubicAntialias, from, to).ToMatrix();
        return
        [
            .. from i in Enumerable.Range(0, to)
               from j in Enumerable.Range(0, to)
               select Enumerable.Range(0, from).Sum(
                   row => Enumerable.Range(0, from).Sum(column => b[i, row] * b[j, column] * patch[(row * from) + column])),
        ];
    }

    private static double Dot(ReadOnlySpan<float> kernel, double[] patch)
    {
        double sum = 0;
        for (int i = 0; i < kernel.Length; i++)
            sum += kernel[i] * patch[i];
        return sum;
    }

    private static float[] Draw(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
}
