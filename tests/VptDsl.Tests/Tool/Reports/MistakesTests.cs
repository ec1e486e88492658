using VptDsl.Tool.Reports;

namespace VptDsl.Tests.Tool.Reports;

/// <summary>The mistakes that a page shows are the surest, in the same order every time.</summary>
public sealed class MistakesTests
{
    [Fact]
    public void The_surest_are_kept_and_the_earlier_of_equal_ones()
    {
        var mistakes = new Mistakes(3);
        float[] sure = [9, 0], unsure = [1, 0], right = [0, 9];
        mistakes.Note(0, 1, unsure);
        mistakes.Note(1, 1, sure);
        mistakes.Note(2, 1, right);
        mistakes.Note(3, 1, sure);
        mistakes.Note(4, 1, unsure);
        mistakes.Note(5, 1, sure);
        mistakes.Note(6, 1, sure);

        Assert.Equal(6, mistakes.Count);
        Assert.Equal([1, 3, 5], mistakes.Surest.Select(mistake => mistake.Index));
        Assert.All(mistakes.Surest, mistake => Assert.Equal((1, 0), (mistake.Actual, mistake.Predicted)));
        Assert.All(mistakes.Surest, mistake => Assert.Equal(1, mistake.Probability + mistake.ActualProbability, 1e-6));
    }

    [Fact]
    public void None_are_kept_where_none_are_wanted()
    {
        var mistakes = new Mistakes(0);
        mistakes.Note(0, 1, [9, 0]);
        Assert.Equal(1, mistakes.Count);
        Assert.Empty(mistakes.Surest);
    }
}
