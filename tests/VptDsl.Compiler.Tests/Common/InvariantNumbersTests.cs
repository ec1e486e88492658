using System.Globalization;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Tests.Common;

/// <summary>
/// Protects the names that task files carry: a declaration is written alike in an editor on .NET Framework and by the command line.
/// </summary>
public sealed class InvariantNumbersTests
{
    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1e-6, "1E-06")]
    [InlineData(16, "16")]
    [InlineData(1d / 3, "0.3333333333333333")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(-0.0, "-0")]
    [InlineData(double.NaN, "NaN")]
    public void The_shortest_text_is_written(double value, string text) => Assert.Equal(text, InvariantNumbers.Shortest(value));

    [Fact]
    public void It_is_what_the_present_runtime_writes()
    {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            double value = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 15));
            Assert.Equal(value.ToString("R", CultureInfo.InvariantCulture), InvariantNumbers.Shortest(value));
            float single = (float)value;
            if (MathF.Abs(single) < 1e7f)
                Assert.Equal(single.ToString("R", CultureInfo.InvariantCulture), InvariantNumbers.Shortest(single));
        }
    }
}
