using VptDsl.Testing;

namespace VptDsl.Compiler.Tests.Interpretation;

/// <summary>The interpreter's GELU rests on an error function that is right to the last digits.</summary>
public sealed class ErrorFunctionTests
{
    [Theory]
    [InlineData(0, 0.0, 1.0)]
    [InlineData(1e-10, 1.1283791670955126e-10, 0.999999999887162)]
    [InlineData(-1e-10, -1.1283791670955126e-10, 1.000000000112838)]
    [InlineData(0.1, 0.1124629160182849, 0.8875370839817152)]
    [InlineData(-0.1, -0.1124629160182849, 1.1124629160182848)]
    [InlineData(0.5, 0.5204998778130465, 0.4795001221869535)]
    [InlineData(-0.5, -0.5204998778130465, 1.5204998778130465)]
    [InlineData(1, 0.8427007929497149, 0.15729920705028513)]
    [InlineData(-1, -0.8427007929497149, 1.842700792949715)]
    [InlineData(1.5, 0.9661051464753108, 0.033894853524689274)]
    [InlineData(-1.5, -0.9661051464753108, 1.9661051464753108)]
    [InlineData(1.4999, 0.9660932516622953, 0.03390674833770473)]
    [InlineData(-1.4999, -0.9660932516622953, 1.9660932516622953)]
    [InlineData(2, 0.9953222650189527, 0.004677734981047265)]
    [InlineData(-2, -0.9953222650189527, 1.9953222650189528)]
    [InlineData(1.5001, 0.9661170377204175, 0.033882962279582506)]
    [InlineData(-1.5001, -0.9661170377204175, 1.9661170377204176)]
    [InlineData(2.5, 0.999593047982555, 0.0004069520174449589)]
    [InlineData(-2.5, -0.999593047982555, 1.999593047982555)]
    [InlineData(3, 0.9999779095030014, 2.2090496998585438e-05)]
    [InlineData(-3, -0.9999779095030014, 1.9999779095030015)]
    [InlineData(4, 0.9999999845827421, 1.541725790028002e-08)]
    [InlineData(-4, -0.9999999845827421, 1.999999984582742)]
    [InlineData(6, 1.0, 2.1519736712498916e-17)]
    [InlineData(-6, -1.0, 2.0)]
    public void Has_known_values(double x, double erf, double complement)
    {
        Assert.InRange(ErrorFunction.Erf(x), erf - (2e-15 * Math.Abs(erf)), erf + (2e-15 * Math.Abs(erf)));
        Assert.InRange(ErrorFunction.Complement(x), complement * (1 - 5e-14), complement * (1 + 5e-14));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.8413447460685429)]
    [InlineData(-1, -0.15865525393145707)]
    [InlineData(3, 2.99595030590511)]
    [InlineData(-10, -7.619853024160593e-23)]
    public void Gelu_has_known_values(double x, double gelu) => Assert.Equal(gelu, ErrorFunction.Gelu(x), 1e-15);

    [Theory]
    [InlineData(-4)]
    [InlineData(-1.3)]
    [InlineData(0)]
    [InlineData(0.7)]
    [InlineData(3.1)]
    public void Gelu_derivative_is_its_slope(double x)
    {
        const double h = 1e-3;
        double slope = ((8 * (ErrorFunction.Gelu(x + h) - ErrorFunction.Gelu(x - h)))
            - (ErrorFunction.Gelu(x + (2 * h)) - ErrorFunction.Gelu(x - (2 * h)))) / (12 * h);
        Assert.Equal(slope, ErrorFunction.GeluDerivative(x), 1e-11);
    }
}
