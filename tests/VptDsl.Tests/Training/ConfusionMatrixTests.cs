using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>A confusion of many classes takes the room of what occurs, and counts as one of few does.</summary>
public sealed class ConfusionMatrixTests
{
    private static readonly (int Actual, int Predicted)[] Counted = [(0, 0), (0, 0), (0, 1), (1, 1), (2, 0), (2, 0), (2, 2), (1, 1)];

    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(21_843)]
    [InlineData(100_000)]
    public void Many_classes_are_counted_as_few_are(int classes)
    {
        ConfusionMatrix few = Count(3), many = Count(classes);

        for (int actual = 0; actual < 3; actual++)
        {
            Assert.Equal(few.Recall(actual), many.Recall(actual));
            Assert.Equal(few.IntersectionOverUnion(actual), many.IntersectionOverUnion(actual));
            for (int predicted = 0; predicted < 3; predicted++)
                Assert.Equal(Counted.Count(pair => pair == (actual, predicted)), many[actual, predicted]);
        }

        Assert.Equal(5 / 8.0, many.Accuracy);
        Assert.Equal(few.BalancedAccuracy, many.BalancedAccuracy);
        Assert.Equal([new(2, 0, 2), new(0, 1, 1)], many.MostConfused(5));
        Assert.Equal(few.MostConfused(1), many.MostConfused(1));
        Assert.Equal(few.MeanIntersectionOverUnion, many.MeanIntersectionOverUnion);
        Assert.Equal($"{classes} classes, 5 of 8 right", many.ToString());
        Assert.Equal(0, many[classes - 1, 0]);
        Assert.True(double.IsNaN(many.Recall(classes - 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => many[classes, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => many[0, -1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => many.Recall(classes));
    }

    [Fact]
    public void Memory_does_not_grow_with_the_pairs_of_classes()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ConfusionMatrix confusion = Count(21_843);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
        Assert.Equal(21_843, confusion.Classes);
    }

    private static ConfusionMatrix Count(int classes)
    {
        var confusion = new ConfusionMatrix(classes);
        foreach ((int actual, int predicted) in Counted)
            confusion.Add(actual, predicted);
        return confusion;
    }
}
