using VptDsl.Programs;

namespace VptDsl.Weights.Positions;

/// <summary>Kernels of the patch embedding for patches of another size.</summary>
/// <remarks>
/// A patch x of the old size becomes B · x of the new one by interpolation, so the new kernel w' is the shortest for which Bᵀ · w' is
/// nearest to the old kernel w: w' = pinv(Bᵀ) · w. Interpolation goes along rows and columns by themselves, so its pseudo-inverse does too.
/// </remarks>
internal static class PatchKernels
{
    private const string ParameterName = "patch_embed.proj.weight";

    // Larger ones are in no backbone, and their inverses would take long.
    private const int LargestPatch = 64;

    /// <summary>How stored kernels become a model's; null if they need not change, or cannot.</summary>
    public static PatchKernelResampling? Compare(TensorInfo stored, ParameterDescription parameter) =>
        parameter is { Name: ParameterName, Shape: [var width, var channels, var toHeight, var toWidth] }
        && stored.Type.IsFloat()
        && stored.Shape is [var storedWidth, var storedChannels, var fromHeight, var fromWidth]
        && (storedWidth, storedChannels) == (width, channels) && (fromHeight, fromWidth) != (toHeight, toWidth)
        && fromHeight is >= 1 and <= LargestPatch && fromWidth is >= 1 and <= LargestPatch
        && toHeight <= LargestPatch && toWidth <= LargestPatch
            ? new(new((int)fromHeight, (int)fromWidth), new(toHeight, toWidth))
            : null;

    /// <summary>Brings kernels to another size.</summary>
    /// <param name="resampling">The sizes.</param>
    /// <param name="stored">[kernels, from height, from width].</param>
    /// <param name="resampled">[kernels, to height, to width].</param>
    public static void Apply(PatchKernelResampling resampling, ReadOnlySpan<float> stored, Span<float> resampled)
    {
        (PlaneSize from, PlaneSize to) = resampling;
        double[,] down = Inverse(from.Height, to.Height), across = Inverse(from.Width, to.Width);
        int oldPixels = from.Count, newPixels = to.Count;
        double[] resized = new double[to.Height * from.Width];
        for (int kernel = 0; kernel < stored.Length / oldPixels; kernel++)
        {
            ReadOnlySpan<float> old = stored.Slice(kernel * oldPixels, oldPixels);
            for (int i = 0; i < to.Height; i++)
            {
                for (int column = 0; column < from.Width; column++)
                {
                    double sum = 0;
                    for (int k = 0; k < from.Height; k++)
                        sum += down[i, k] * old[(k * from.Width) + column];
                    resized[(i * from.Width) + column] = sum;
                }
            }

            Span<float> result = resampled.Slice(kernel * newPixels, newPixels);
            for (int i = 0; i < to.Height; i++)
            {
                for (int j = 0; j < to.Width; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < from.Width; k++)
                        sum += across[j, k] * resized[(i * from.Width) + k];
                    result[(i * to.Width) + j] = (float)sum;
                }
            }
        }

        static double[,] Inverse(int from, int to) =>
            PseudoInverseOfTransposed(ResamplingWeights.Make(PositionRule.BicubicAntialias, from, to));
    }

    /// <summary>pinv(Bᵀ), [to, from], of the interpolation B, [to, from], which has the largest rank that it can have.</summary>
    private static double[,] PseudoInverseOfTransposed(ResamplingWeights interpolation)
    {
        double[,] b = interpolation.ToMatrix();
        int to = b.GetLength(0), from = b.GetLength(1);

        // B · (Bᵀ · B)⁻¹ where it enlarges, (B · Bᵀ)⁻¹ · B where it shrinks.
        return to >= from
            ? Multiply(b, Inverse(Multiply(Transposed(b), b)))
            : Multiply(Inverse(Multiply(b, Transposed(b))), b);
    }

    private static double[,] Transposed(double[,] a)
    {
        double[,] result = new double[a.GetLength(1), a.GetLength(0)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
                result[j, i] = a[i, j];
        }

        return result;
    }

    private static double[,] Multiply(double[,] a, double[,] b)
    {
        double[,] result = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < b.GetLength(1); j++)
            {
                for (int k = 0; k < a.GetLength(1); k++)
                    result[i, j] += a[i, k] * b[k, j];
            }
        }

        return result;
    }

    /// <summary>Gauss and Jordan's elimination; the matrix is symmetric and positive definite, so that every pivot is positive.</summary>
    private static double[,] Inverse(double[,] a)
    {
        int n = a.GetLength(0);
        double[,] left = (double[,])a.Clone(), right = new double[n, n];
        for (int i = 0; i < n; i++)
            right[i, i] = 1;
        for (int pivot = 0; pivot < n; pivot++)
        {
            double scale = 1 / left[pivot, pivot];
            for (int j = 0; j < n; j++)
                (left[pivot, j], right[pivot, j]) = (left[pivot, j] * scale, right[pivot, j] * scale);
            for (int i = 0; i < n; i++)
            {
                double factor = left[i, pivot];
                if (i == pivot || factor == 0)
                    continue;
                for (int j = 0; j < n; j++)
                {
                    left[i, j] -= factor * left[pivot, j];
                    right[i, j] -= factor * right[pivot, j];
                }
            }
        }

        return right;
    }
}
