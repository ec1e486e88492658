using System.Numerics;
using VptDsl.Devices.Cpu;

namespace VptDsl.Tests.Cpu;

/// <summary>The vector functions keep the error bounds that their documentation promises.</summary>
public class VectorMathTests
{
    [Fact]
    public void Exp_has_a_relative_error_below_2e7()
    {
        double worst = 0;
        for (float x = -86.4f; x < 88.4f; x += 0.00037f)
        {
            worst = Math.Max(worst, Math.Abs((VectorMath.Exp(new Vector<float>(x))[0] / Math.Exp(x)) - 1));
        }

        Assert.True(worst <= 2e-7, $"{worst:E2}");
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(-1000f, 0)]
    [InlineData(-87.5f, 0)]
    [InlineData(0f, 1)]
    public void Exp_of_extreme_arguments_stays_sane(float x, double expected) =>
        Assert.Equal(expected, VectorMath.Exp(new Vector<float>(x))[0], 1e-37);

    [Fact]
    public void Exp_of_a_large_argument_is_large() => Assert.True(VectorMath.Exp(new Vector<float>(1000f))[0] > 1e38f);

    [Theory]
    [InlineData(float.NegativeInfinity)]
    [InlineData(-1e30f)]
    [InlineData(-86.6f)]
    public void What_is_next_to_nothing_is_nothing(float x) => Assert.Equal(0, VectorMath.ExpOrZero(new Vector<float>(x))[0]);

    [Theory]
    [InlineData(-86.4f)]
    [InlineData(-1f)]
    [InlineData(0f)]
    public void What_is_something_is_the_exponential(float x) =>
        Assert.Equal(VectorMath.Exp(new Vector<float>(x))[0], VectorMath.ExpOrZero(new Vector<float>(x))[0]);

    [Fact]
    public void Nan_stays_nan()
    {
        Assert.True(float.IsNaN(VectorMath.ExpOrZero(new Vector<float>(float.NaN))[0]));
        Assert.True(float.IsNaN(VectorMath.Exp(new Vector<float>(float.NaN))[0]));
        Assert.True(float.IsNaN(VectorMath.Gelu(new Vector<float>(float.NaN))[0]));
        Assert.True(float.IsNaN(VectorMath.GeluDerivative(new Vector<float>(float.NaN))[0]));
    }

    [Fact]
    public void Activations_and_their_derivatives_have_errors_below_1e6() =>
        Assert.All(Enum.GetValues<ActivationKind>(), kind => Assert.True(ActivationFunctions.Use<Comparison, bool>(kind, new(kind))));

    [Fact]
    public void Activations_stay_sane_far_from_zero() =>
        Assert.All(Enum.GetValues<ActivationKind>(), kind => Assert.True(ActivationFunctions.Use<Extremes, bool>(kind, new(kind))));

    [Fact]
    public void Gelu_and_its_derivative_have_errors_below_1e6()
    {
        double worst = 0, worstDerivative = 0;
        for (float x = -14f; x < 14f; x += 0.00041f)
        {
            worst = Math.Max(worst, Math.Abs(VectorMath.Gelu(new Vector<float>(x))[0] - Reference.Gelu(x)));
            worstDerivative = Math.Max(
                worstDerivative, Math.Abs(VectorMath.GeluDerivative(new Vector<float>(x))[0] - Reference.GeluDerivative(x)));
        }

        Assert.True(worst <= 1e-6, $"GELU {worst:E2}");
        Assert.True(worstDerivative <= 1e-6, $"derivative {worstDerivative:E2}");
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(2.9, 0.9999589021219005)]
    [InlineData(3.1, 0.9999883513426328)]
    [InlineData(-1.0, -0.8427007929497149)]
    public void The_reference_itself_is_right(double x, double erf) => Assert.Equal(erf, Reference.Erf(x), 1e-13);

    [Theory]
    [InlineData(1e4f)]
    [InlineData(-1e4f)]
    [InlineData(1e30f)]
    [InlineData(-1e30f)]
    public void Gelu_of_a_huge_argument_is_it_or_nothing(float x)
    {
        Assert.Equal(Math.Max(0, x), VectorMath.Gelu(new Vector<float>(x))[0], Math.Abs(x) * 1e-7);
        Assert.Equal(x > 0 ? 1 : 0, VectorMath.GeluDerivative(new Vector<float>(x))[0], 1e-6);
    }

    private readonly struct Comparison(ActivationKind kind) : IActivationUse<bool>
    {
        public bool With<TFunction>()
            where TFunction : struct, IActivationFunction
        {
            double worst = 0, worstDerivative = 0;
            for (float x = -14f; x < 14f; x += 0.00041f)
            {
                worst = Math.Max(worst, Math.Abs(TFunction.Value(new Vector<float>(x))[0] - Reference.Value(kind, x)));
                worstDerivative = Math.Max(
                    worstDerivative, Math.Abs(TFunction.Derivative(new Vector<float>(x))[0] - Reference.Derivative(kind, x)));
            }

            Assert.True(worst <= 1e-6, $"{kind} {worst:E2}");
            Assert.True(worstDerivative <= 1e-6, $"derivative of {kind} {worstDerivative:E2}");
            return true;
        }
    }

    private readonly struct Extremes(ActivationKind kind) : IActivationUse<bool>
    {
        public bool With<TFunction>()
            where TFunction : struct, IActivationFunction
        {
            Assert.True(float.IsNaN(TFunction.Value(new Vector<float>(float.NaN))[0]), $"{kind} of NaN");
            foreach (float x in new[] { 1e4f, 1e14f, 1e20f })
            {
                Assert.Equal(x, TFunction.Value(new Vector<float>(x))[0]);
                Assert.Equal(0, TFunction.Value(new Vector<float>(-x))[0], 1e-6);
                Assert.Equal(1, TFunction.Derivative(new Vector<float>(x))[0], 1e-6);
                Assert.Equal(0, TFunction.Derivative(new Vector<float>(-x))[0], 1e-6);
            }

            return true;
        }
    }
}
