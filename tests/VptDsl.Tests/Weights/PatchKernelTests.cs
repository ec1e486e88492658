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
    public void An_enlarged_patch_gives_what_the_patch_gave(int before, int after)
    {
        var random = new Random(before);
        float[] kernels = Draw(random, 2 * before * before), patch = Draw(random, before * before);

        float[] resampled = new float[2 * after * after];
        PatchKernels.Apply(new(before, after), kernels, resampled);

        double[] enlarged = Interpolate(patch, before, after);
        for (int kernel = 0; kernel < 2; kernel++)
        {
            double[] old = [.. patch.Select(v => (double)v)];
            double expected = Dot(kernels.AsSpan(kernel * before * before, before * before), old);
            Assert.Equal(expected, Dot(resampled.AsSpan(kernel * after * after, after * after), enlarged), 1e-4);
        }
    }

    [Fact]
    public void Height_and_width_are_enlarged_each_by_their_own_numbers()
    {
        var random = new Random(5);
        float[] kernel = Draw(random, 3 * 2), patch = Draw(random, 3 * 2), resampled = new float[4 * 5];

        PatchKernels.Apply(new(new(3, 2), new(4, 5)), kernel, resampled);

        double[,] down = ResamplingWeights.Make(PositionRule.BicubicAntialias, 3, 4).ToMatrix(),
            across = ResamplingWeights.Make(PositionRule.BicubicAntialias, 2, 5).ToMatrix();
        double[] enlarged =
        [
            .. from i in Enumerable.Range(0, 4)
               from j in Enumerable.Range(0, 5)
               select Enumerable.Range(0, 3).Sum(
                   row => Enumerable.Range(0, 2).Sum(column => down[i, row] * across[j, column] * patch[(row * 2) + column])),
        ];
        Assert.Equal(Dot(kernel, [.. patch.Select(v => (double)v)]), Dot(resampled, enlarged), 1e-5);
    }

    /// <summary>No kernel does that for every patch where patches shrink; the nearest leaves nothing that one could gain.</summary>
    [Theory]
    [InlineData(16, 14)]
    [InlineData(16, 8)]
    public void A_shrunken_patch_gives_what_comes_nearest(int before, int after)
    {
        float[] kernel = Draw(new Random(after), before * before), resampled = new float[after * after];

        PatchKernels.Apply(new(before, after), kernel, resampled);

        double[,] b = ResamplingWeights.Make(PositionRule.BicubicAntialias, before, after).ToMatrix();
        double[] left = [.. Spread(resampled, b).Zip(kernel, (spread, old) => spread - old)];
        Assert.True(left.Max(Math.Abs) > 0.1, "Nothing is lost, so that nothing is checked.");
        Assert.All(Interpolate([.. left.Select(v => (float)v)], before, after), rest => Assert.Equal(0, rest, 1e-4));
    }

    /// <summary>Bᵀ · w · B: the patches of the old size that a kernel of the new size is felt by.</summary>
    private static double[] Spread(float[] kernel, double[,] b)
    {
        int after = b.GetLength(0), before = b.GetLength(1);
        return
        [
            .. from row in Enumerable.Range(0, before)
               from column in Enumerable.Range(0, before)
               select Enumerable.Range(0, after).Sum(
                   i => Enumerable.Range(0, after).Sum(j => b[i, row] * b[j, column] * kernel[(i * after) + j])),
        ];
    }

    private static double[] Interpolate(float[] patch, int before, int after)
    {
        double[,] b = ResamplingWeights.Make(PositionRule.BicubicAntialias, before, after).ToMatrix();
        return
        [
            .. from i in Enumerable.Range(0, after)
               from j in Enumerable.Range(0, after)
               select Enumerable.Range(0, before).Sum(
                   row => Enumerable.Range(0, before).Sum(column => b[i, row] * b[j, column] * patch[(row * before) + column])),
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
