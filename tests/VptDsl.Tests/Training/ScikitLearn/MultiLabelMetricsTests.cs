using System.Runtime.CompilerServices;
using System.Text.Json;
using VptDsl.Devices.Cpu;
using VptDsl.Training;

namespace VptDsl.Tests.Training.ScikitLearn;

/// <summary>Average precisions are scikit-learn's, of equal scores too, and the loss of several classes is PyTorch's.</summary>
public sealed unsafe class MultiLabelMetricsTests
{
    private static readonly JsonElement Vectors = Read();

    private static float[][] Logits { get; } =
        [.. Vectors.GetProperty("logits").EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetSingle()).ToArray())];

    private static int[][] Labels { get; } =
        [.. Vectors.GetProperty("labels").EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetInt32()).ToArray())];

    private static int Images => Logits.Length;

    private static int Classes => Logits[0].Length;

    [Fact]
    public void Average_precisions_are_those_of_each_class_and_their_mean()
    {
        var scores = new MultiLabelScores(Classes);
        for (int i = 0; i < Images; i++)
            scores.Add(Logits[i], Labels[i]);

        double[] expected = [.. Vectors.GetProperty("classes").EnumerateArray().Select(x => x.GetDouble())];
        Assert.All(expected, (precision, label) => Assert.Equal(precision, scores.AveragePrecisionOf(label), 1e-12));
        Assert.Equal(Vectors.GetProperty("macro").GetDouble(), scores.MeanAveragePrecision, 1e-12);
        Assert.Equal(Labels.Sum(row => row[2]), scores.Count(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => scores.AveragePrecisionOf(Classes));
        Assert.Throws<ArgumentOutOfRangeException>(() => scores.Count(-1));
    }

    [Fact]
    public void A_class_that_no_image_has_does_not_count()
    {
        var scores = new MultiLabelScores(2);
        scores.Add([1, 5], [1, 0]);
        scores.Add([0, 6], [0, 0]);
        Assert.Equal(1, scores.MeanAveragePrecision);
        Assert.True(double.IsNaN(scores.AveragePrecisionOf(1)));
        Assert.True(double.IsNaN(new MultiLabelScores(3).MeanAveragePrecision));
    }

    [Fact]
    public void Loss_and_accuracy_are_means_over_classes_and_images()
    {
        (double Loss, double Correct)[] each = [.. Logits.Zip(Labels, (logits, labels) => MultiLabelScores.Compare(logits, labels))];
        Assert.Equal(Vectors.GetProperty("loss").GetDouble(), each.Average(pair => pair.Loss), 1e-12);
        Assert.Equal(Vectors.GetProperty("accuracy").GetDouble(), each.Average(pair => pair.Correct), 1e-12);
    }

    [Fact]
    public void The_devices_loss_and_gradient_are_PyTorchs_on_any_number_of_threads()
    {
        float[] logits = [.. Logits.SelectMany(row => row)], labels = [.. Labels.SelectMany(row => row.Select(label => (float)label))];
        float[] weights = [.. Enumerable.Repeat(1f / Classes, Images)];
        double[] gradient =
            [.. Vectors.GetProperty("gradient").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(x => x.GetDouble()))];
        foreach (int threads in (int[])[1, 3])
        {
            using var workers = new CpuWorkers(threads);
            float[] losses = new float[Images], slopes = new float[logits.Length];
            fixed (float* x = logits, y = labels, w = weights, loss = losses, slope = slopes)
            {
                Matrix rows = new(x, 1, Classes, Classes), targets = new(y, Classes, Classes, 1), ofImage = new(w, 1, 1, 1);
                BinaryLosses.Evaluate(workers, Images, Classes, rows, targets, ofImage, new Matrix(loss, 1, 1, 1));
                BinaryLosses.Differentiate(
                    workers, Images, Classes, rows, targets, ofImage, 1f / Images, new Matrix(slope, 1, Classes, Classes));
            }

            Assert.Equal(Vectors.GetProperty("loss").GetDouble(), losses.Average(), 1e-6);
            Assert.All(gradient, (expected, i) => Assert.Equal(expected, slopes[i], 1e-9));
        }
    }

    [Theory]
    [InlineData(-1e30f, 0, 0, 0)]
    [InlineData(1e30f, 1, 0, 1)]
    [InlineData(-40, 0, 4.248354255291589e-18, 4.248354255291589e-18)]
    [InlineData(-100, 1, 100, 0)]
    [InlineData(float.NaN, 0, double.NaN, double.NaN)]
    public void Far_logits_neither_overflow_nor_are_lost(float logit, float label, double loss, double probability)
    {
        Assert.Equal(loss, BinaryLosses.Loss(logit, label), 1e-25);
        Assert.Equal(probability, BinaryLosses.Sigmoid(logit), 1e-25);
    }

    private static JsonElement Read([CallerFilePath] string thisFile = "") =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(thisFile)!, "average_precision.json"))).RootElement;
}
