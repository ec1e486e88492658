using QuickStart;

namespace VptDsl.Tests.Samples;

/// <summary>QuickStart ends with a sentence of what its table shows: it must be true whatever comes out.</summary>
public sealed class FindingTests
{
    [Theory]
    [InlineData(0.70, 0.72, 0.75, 0.80, "deep", "75.0 %", "5.0 points more than the linear", "5.0 points less than full")]
    [InlineData(0.70, 0.76, 0.75, 0.73, "shallow", "76.0 %", "6.0 points more than the linear", "3.0 points more than full")]
    [InlineData(0.70, 0.60, 0.65, 0.65, "deep", "65.0 %", "5.0 points less than the linear", "as many as full")]
    public void The_best_prompts_are_held_against_both_ends(
        double linear, double shallow, double deep, double full, params string[] parts)
    {
        string sentence = Finding.Of([RowOf("linear", linear), RowOf("shallow", shallow), RowOf("deep", deep), RowOf("full", full, 4000)]);

        Assert.All(parts, part => Assert.Contains(part, sentence, StringComparison.Ordinal));
        Assert.EndsWith("takes 2.5 % of its bytes.", sentence, StringComparison.Ordinal);
    }

    private static Row RowOf(string scheme, double accuracy, long bytes = 100) => new(
        scheme, TrainedParameters: 10, BackboneParameters: 1000, bytes, Seconds: 1, accuracy, Seed: 0);
}
