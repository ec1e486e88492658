using VptDsl.Programs;

namespace VptDsl.Tests.Training;

/// <summary>Protects what parameters start from: each distribution by its figures, and by name and seed alone what is drawn.</summary>
public sealed class InitializationTests
{
    private const int Rows = 200, Columns = 500, Count = Rows * Columns, Seed = 5;

    // The standard error of a mean of Count draws of unit deviation is 0.003.
    private const double FourErrors = 0.0127;

    [Theory]
    [InlineData(Distribution.Uniform, 0.0625f, -1)]
    [InlineData(Distribution.Uniform, 3f, -1)]
    [InlineData(Distribution.Fraction, 0.5f, 0)]
    public void Draws_from_an_interval_stay_in_it_and_fill_it_evenly(Distribution distribution, float end, int start)
    {
        const int parts = 20;
        float[] values = Draw(distribution, end);

        Assert.All(values, value => Assert.InRange(value, start * end, end));
        int[] found = new int[parts];
        foreach (float value in values)
            found[Math.Min(parts - 1, (int)(parts * ((value / end) - start) / (1 - start)))]++;

        // A twentieth of the draws in each part, with a deviation of 69.
        Assert.All(found, count => Assert.InRange(count, (Count / parts) - 276, (Count / parts) + 276));
    }

    [Theory]
    [InlineData(Distribution.Normal, 1f)]
    [InlineData(Distribution.Normal, 0.02f)]
    [InlineData(Distribution.ClassToken, 0.02f)]
    public void Normal_draws_have_mean_0_their_deviation_and_the_shape_of_a_bell(Distribution distribution, float deviation)
    {
        double[] standard = [.. Draw(distribution, deviation).Select(value => (double)value / deviation)];

        Assert.InRange(standard.Average(), -FourErrors, FourErrors);
        Assert.InRange(Math.Sqrt(standard.Average(x => x * x)), 1 - FourErrors, 1 + FourErrors);
        Assert.InRange(standard.Average(x => x * x * x), -4 * 0.0123, 4 * 0.0123);
        Assert.InRange(Share(x => Math.Abs(x) < 1), 0.6827 - FourErrors, 0.6827 + FourErrors);
        Assert.InRange(Share(x => Math.Abs(x) < 2), 0.9545 - FourErrors, 0.9545 + FourErrors);

        // No tail is cut off: one of 370 is beyond three deviations.
        Assert.InRange(Share(x => Math.Abs(x) > 3), 0.0020, 0.0034);

        double Share(Func<double, bool> holds) => standard.Count(holds) / (double)Count;
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    [InlineData(-0.125f)]
    public void A_constant_is_the_value_everywhere(float value) =>
        Assert.All(Draw(Distribution.Constant, value), drawn => Assert.Equal(value, drawn));

    [Theory]
    [InlineData(Distribution.Uniform)]
    [InlineData(Distribution.Normal)]
    [InlineData(Distribution.Fraction)]
    [InlineData(Distribution.ClassToken)]
    public void Name_and_seed_decide_what_is_drawn_and_nothing_else(Distribution distribution)
    {
        float[] drawn = Draw(distribution, 1);

        Assert.Equal(drawn, Draw(distribution, 1));
        Assert.Equal(
            drawn,
            Initialization.Draw(
                Parameter(distribution, 1) with { Shape = [Columns, Rows], Kind = ParameterKind.Head, Trained = false, Offset = 77 },
                Seed));

        // Independent draws agree in one value of sixteen million.
        Assert.InRange(Agreeing(drawn, Draw(distribution, 1, seed: Seed + 1)), 0, 2);
        Assert.InRange(Agreeing(drawn, Draw(distribution, 1, name: "prompts.1")), 0, 2);
        Assert.InRange(Agreeing(drawn, Draw(distribution, 1, name: "prompts.00")), 0, 2);
    }

    [Fact]
    public void Draws_of_different_names_do_not_follow_each_other()
    {
        float[] first = Draw(Distribution.Normal, 1), second = Draw(Distribution.Normal, 1, name: "prompts.1");

        for (int shift = 0; shift < 3; shift++)
            Assert.InRange(first.Skip(shift).Zip(second, (a, b) => (double)a * b).Average(), -FourErrors, FourErrors);
    }

    [Fact]
    public void A_longer_parameter_begins_like_a_shorter_one_of_the_same_name()
    {
        float[] whole = Draw(Distribution.Normal, 1);
        Assert.Equal(whole[..Columns], Initialization.Draw(Parameter(Distribution.Normal, 1) with { Shape = [1, Columns] }, Seed));
    }

    [Fact]
    public void A_variance_over_the_rows_is_that_of_the_rows_there_are()
    {
        float[] drawn = Initialization.Draw(Parameter(Distribution.FanOut, 2) with { Shape = [50, Columns] }, Seed);
        Assert.Equal(Initialization.Draw(Parameter(Distribution.Normal, 0.2f) with { Shape = [50, Columns] }, Seed), drawn);
    }

    private static int Agreeing(float[] one, float[] other) => one.Zip(other).Count(pair => pair.First == pair.Second);

    private static float[] Draw(Distribution distribution, float value, int seed = Seed, string name = "prompts.0") =>
        Initialization.Draw(Parameter(distribution, value) with { Name = name }, seed);

    private static ParameterDescription Parameter(Distribution distribution, float value) =>
        new("prompts.0", [Rows, Columns], ParameterKind.Prompt, Trained: true, Offset: 0, new(distribution, value));
}
