using VptDsl.Devices.Ilgpu;
using VptDsl.Testing;

namespace VptDsl.Kernels.Tests.Devices;

/// <summary>GELU is the exact one, with the error function, as in the paper's code.</summary>
public sealed class KernelMathTests
{
    private const double Tolerance = 5e-7;

    [Fact]
    public void Gelu_is_exact() => AssertNear(KernelMath.Gelu, ErrorFunction.Gelu);

    [Fact]
    public void Gelu_derivative_is_exact() => AssertNear(KernelMath.GeluDerivative, ErrorFunction.GeluDerivative);

    [Fact]
    public void Nan_stays_nan()
    {
        Assert.True(float.IsNaN(KernelMath.Gelu(float.NaN)));
        Assert.True(float.IsNaN(KernelMath.GeluDerivative(float.NaN)));
    }

    private static void AssertNear(Func<float, float> actual, Func<double, double> expected)
    {
        for (float x = -12; x <= 12; x += 1f / 128)
        {
            double error = Math.Abs(actual(x) - expected(x)) / Math.Max(1, Math.Abs(x));
            Assert.True(error <= Tolerance, $"At {x} the error is {error:E2}.");
        }
    }
}
