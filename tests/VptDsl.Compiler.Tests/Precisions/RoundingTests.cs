using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Precisions;

/// <summary>What is multiplied on tensor cores is what NVIDIA's conversions make of a float, by numbers worked out by hand.</summary>
public sealed class RoundingTests
{
    private const double Unit7 = 1.0 / (1 << 7), Unit8 = 1.0 / (1 << 8), Unit10 = 1.0 / (1 << 10), Unit11 = 1.0 / (1 << 11);

    public static TheoryData<double, double> ToBFloat16 => new()
    {
        { 0, 0 },
        { -0.0, -0.0 },
        { 1 + Unit7, 1 + Unit7 },
        { 1 + Unit8, 1 },
        { 1 + (3 * Unit8), 1 + (4 * Unit8) },
        { -1 - (3 * Unit8), -1 - (4 * Unit8) },
        { 1 + Unit8 + Unit11, 1 + Unit7 },
        { 2 - Unit10, 2 },
        { float.MaxValue, double.PositiveInfinity },
        { float.NegativeInfinity, double.NegativeInfinity },
        { float.Epsilon, 0 },
    };

    public static TheoryData<double, double> ToTensorFloat32 => new()
    {
        { 0, 0 },
        { 1 + Unit10, 1 + Unit10 },
        { 1 + Unit11, 1 + Unit10 },
        { -1 - Unit11, -1 - Unit10 },
        { 1 + Unit11 - (Unit11 / 4096), 1 },
        { float.MaxValue, double.PositiveInfinity },
        { float.PositiveInfinity, double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(ToBFloat16))]
    public void To_bfloat16_halves_go_to_even(double value, double rounded) =>
        Assert.Equal(rounded, Rounding.Round(Precision.BFloat16, value));

    [Theory]
    [MemberData(nameof(ToTensorFloat32))]
    public void To_tensor_float32_halves_go_away_from_zero(double value, double rounded) =>
        Assert.Equal(rounded, Rounding.Round(Precision.TensorFloat32, value));

    [Theory]
    [InlineData(Precision.BFloat16)]
    [InlineData(Precision.TensorFloat32)]
    public void A_number_moves_by_its_unit_at_most_and_no_further_when_it_is_rounded_again(Precision precision)
    {
        var random = new Random(5);
        double most = 0;
        for (int i = 0; i < 10_000; i++)
        {
            double value = (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-60, 60)));
            double rounded = Rounding.Round(precision, value);
            most = Math.Max(most, Math.Abs(rounded - value) / Math.Abs(value));
            Assert.Equal(rounded, Rounding.Round(precision, rounded));
        }

        Assert.InRange(most, 0.9 * Rounding.Unit(precision), Rounding.Unit(precision));
        Assert.True(double.IsNaN(Rounding.Round(precision, double.NaN)));
    }
}
