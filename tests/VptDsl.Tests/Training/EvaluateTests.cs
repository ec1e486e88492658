using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>Measuring and predicting give the numbers of their definitions, whatever the batch size.</summary>
public class EvaluateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(23)]
    [InlineData(64)]
    public void The_batch_size_changes_nothing(int batchSize)
    {
        using SoftmaxRegression program = RandomProgram();
        ImageSet set = ToySets.BrightRows(23, seed: 4);

        Evaluation whole = Trainer.Evaluate(program, set, batchSize: 23);
        Evaluation parts = Trainer.Evaluate(program, set, batchSize);

        Assert.Equal(23, parts.Count);
        Assert.Equal(whole.Accuracy, parts.Accuracy);
        Assert.Equal(whole.MeanLoss, parts.MeanLoss);
        Assert.Equal(parts.Accuracy, parts.TopAccuracy(1));
        Assert.Equal(whole.TopAccuracy(2), parts.TopAccuracy(2));
        Assert.Equal(1, parts.TopAccuracy(3));
    }

    [Fact]
    public void Loss_and_accuracy_agree_with_the_predicted_probabilities()
    {
        using SoftmaxRegression program = RandomProgram();
        ImageSet set = ToySets.BrightRows(20, seed: 4);
        float[] images = new float[20 * 9];
        for (int i = 0; i < 20; i++)
            set.CopyImage(i, images.AsSpan(9 * i, 9));

        float[] probabilities = Trainer.Predict(program, images, batchSize: 6);
        Evaluation evaluation = Trainer.Evaluate(program, set);

        float[][] rows = [.. probabilities.Chunk(3)];
        Assert.All(rows, row => Assert.Equal(1, row.Sum(), 1e-6));
        double loss = rows.Select((row, i) => -Math.Log(row[set.Label(i)])).Average();
        int right = rows.Where((row, i) => row[set.Label(i)] == row.Max()).Count();
        Assert.Equal(loss, evaluation.MeanLoss, 1e-5);
        Assert.Equal(right / 20.0, evaluation.Accuracy);
    }

    [Fact]
    public void The_confusion_matrix_counts_what_was_taken_for_what()
    {
        using var program = new SoftmaxRegression(3, 3);
        program.Trained[^1] = 1;

        ConfusionMatrix confusion = Trainer.Evaluate(program, ToySets.BrightRows(30, seed: 1)).Confusion;

        for (int actual = 0; actual < 3; actual++)
        {
            Assert.Equal(10, confusion[actual, 2]);
            Assert.Equal(0, confusion[actual, 0] + confusion[actual, 1]);
            Assert.Equal(actual == 2 ? 1 : 0, confusion.Recall(actual));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => confusion[0, 3]);
    }

    [Theory]
    [InlineData(new float[] { 1, 3, 2 }, 1)]
    [InlineData(new float[] { 2, 5, 5 }, 1)]
    [InlineData(new float[] { float.NaN, -4, -3 }, 2)]
    [InlineData(new float[] { float.NegativeInfinity, float.NegativeInfinity }, 0)]
    public void The_predicted_class_is_the_first_of_the_highest(float[] logits, int expected)
    {
        Assert.Equal(expected, ClassScores.Predicted(logits));
        Assert.Equal(0, ClassScores.Rank(logits, expected));
        Assert.Equal(
            Enumerable.Range(0, logits.Length),
            Enumerable.Range(0, logits.Length).Select(label => ClassScores.Rank(logits, label)).Order());
    }

    [Fact]
    public void Large_logits_do_not_overflow()
    {
        float[] probabilities = new float[3];
        ClassScores.Probabilities([1e30f, 1e30f, -1e30f], probabilities);

        Assert.Equal([0.5f, 0.5f, 0], probabilities);
        Assert.Equal(Math.Log(2), ClassScores.CrossEntropy([500, 500], 1), 1e-12);
        Assert.True(double.IsNaN(ClassScores.CrossEntropy([1, float.NaN], 0)));
    }

    private static SoftmaxRegression RandomProgram()
    {
        var program = new SoftmaxRegression(3, 3);
        var random = new RandomStream(11);
        foreach (ref float value in program.Trained.AsSpan())
            value = random.NextNormal();
        return program;
    }
}
