using VptDsl.Devices.Ilgpu;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Kernels.Tests.Devices;

/// <summary>Every activation has its functions here, and they are exact.</summary>
public sealed class KernelMathTests
{
    private const double Tolerance = 5e-7;

    [Fact]
    public void Activations_and_their_derivatives_are_exact() => Assert.All(Enum.GetValues<ActivationKind>(), kind =>
    {
        AssertNear($"{kind}", Function($"{kind}"), x => ActivationRules.Value(kind, x));
        AssertNear($"{kind}'", Derivative(kind), x => ActivationRules.Derivative(kind, x));
    });

    [Fact]
    public void Nan_stays_nan() => Assert.All(Enum.GetValues<ActivationKind>(), kind =>
    {
        Assert.True(float.IsNaN(Function($"{kind}")(float.NaN)), $"{kind}");

        // A rectifier's derivative is told by a comparison, as in PyTorch.
        Assert.True(kind == ActivationKind.Relu || float.IsNaN(Derivative(kind)(float.NaN)), $"{kind}'");
    });

    [Fact]
    public void Numbers_far_from_zero_stay_sane() => Assert.All(Enum.GetValues<ActivationKind>(), kind => Assert.All(
        new[] { 1e4f, 1e14f, 1e20f },
        x =>
        {
            Assert.Equal(x, Function($"{kind}")(x));
            Assert.Equal(0, Function($"{kind}")(-x), 1e-6);
            Assert.Equal(1, Derivative(kind)(x), 1e-6);
            Assert.Equal(0, Derivative(kind)(-x), 1e-6);
        }));

    private static Func<float, float> Derivative(ActivationKind kind) =>
        kind == ActivationKind.Relu ? y => KernelMath.ReluGradient(1, y) : Function($"{kind}Derivative");

    private static Func<float, float> Function(string name) =>
        typeof(KernelMath).GetMethod(name)?.CreateDelegate<Func<float, float>>()
            ?? throw new MissingMethodException(nameof(KernelMath), name);

    private static void AssertNear(string what, Func<float, float> actual, Func<double, double> expected)
    {
        for (float x = -12; x <= 12; x += 1f / 128)
        {
            double error = Math.Abs(actual(x) - expected(x)) / Math.Max(1, Math.Abs(x));
            Assert.True(error <= Tolerance, $"At {x} the error of {what} is {error:E2}.");
        }
    }
}
