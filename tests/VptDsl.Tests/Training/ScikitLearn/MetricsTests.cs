using System.Runtime.CompilerServices;
using System.Text.Json;
using VptDsl.Training;

namespace VptDsl.Tests.Training.ScikitLearn;

/// <summary>Accuracies are what scikit-learn makes of the same logits: people compare numbers across programs.</summary>
public sealed class MetricsTests
{
    private static readonly JsonElement Vectors = Read();

    private static int[] Labels { get; } = [.. Vectors.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];

    private static float[][] Logits { get; } =
        [.. Vectors.GetProperty("logits").EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetSingle()).ToArray())];

    private static int Classes => Logits[0].Length;

    [Fact]
    public void Top_accuracies_are_those_of_every_number_of_classes()
    {
        LabelRanks ranks = new(Classes);
        for (int i = 0; i < Labels.Length; i++)
            ranks.Add(Logits[i], Labels[i]);

        double[] expected = Numbers("top");
        Assert.Equal(expected, Enumerable.Range(1, Classes).Select(ranks.ShareWithin));
        Assert.Equal(1, ranks.ShareWithin(Classes + 100));
        Assert.Equal(Confusion().Accuracy, expected[0]);
    }

    [Fact]
    public void Classes_count_alike_however_rare_and_those_without_images_do_not() =>
        Assert.Equal(Vectors.GetProperty("balanced").GetDouble(), Confusion().BalancedAccuracy, 1e-15);

    [Fact]
    public void Each_class_has_its_recall_and_its_precision()
    {
        ConfusionMatrix confusion = Confusion();
        int[] present = [.. Vectors.GetProperty("present").EnumerateArray().Select(label => label.GetInt32())];

        Assert.Equal(Numbers("recall"), present.Select(confusion.Recall));
        // scikit-learn has 0 where nothing was taken for a class.
        Assert.Equal(
            Numbers("precision"), present.Select(label => confusion.Precision(label) is var share && double.IsNaN(share) ? 0 : share));
        Assert.Equal(present.Select(label => Labels.LongCount(own => own == label)), present.Select(confusion.Count));
        int absent = Enumerable.Range(0, Classes).Except(present).Single();
        Assert.Equal(0, confusion.Count(absent));
        Assert.True(double.IsNaN(confusion.Recall(absent)));
    }

    private static ConfusionMatrix Confusion()
    {
        var confusion = new ConfusionMatrix(Classes);
        for (int i = 0; i < Labels.Length; i++)
            confusion.Add(Labels[i], ClassScores.Predicted(Logits[i]));
        return confusion;
    }

    private static double[] Numbers(string name) => [.. Vectors.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];

    private static JsonElement Read([CallerFilePath] string thisFile = "") =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(thisFile)!, "metrics.json"))).RootElement;
}
