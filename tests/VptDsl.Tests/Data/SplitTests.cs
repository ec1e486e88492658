using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>Splits are fair, complete and the same for a seed.</summary>
public class SplitTests
{
    [Fact]
    public void A_stratified_split_keeps_the_classes_proportions()
    {
        (Subset first, Subset second) = Split.Stratified(Set(50, 30, 20), 80, seed: 1);

        Assert.Equal([40, 24, 16], Counts(first));
        Assert.Equal([10, 6, 4], Counts(second));
    }

    [Fact]
    public void Shares_that_are_not_whole_still_add_up()
    {
        // 5 of 11: 5/11 of 4, 4 and 3 are 1.82, 1.82 and 1.36, so the first two classes get the images that rounding down left over.
        (Subset first, Subset second) = Split.Stratified(Set(4, 4, 3), 5, seed: 1);

        Assert.Equal([2, 2, 1], Counts(first));
        Assert.Equal(6, second.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    [InlineData(100)]
    public void Every_image_is_in_exactly_one_part(int firstCount)
    {
        foreach (Func<IImageSource, int, long, (Subset First, Subset Second)> split in new[] { Split.Stratified, Split.Shuffled })
        {
            (Subset first, Subset second) = split(Set(50, 30, 20), firstCount, 3);

            Assert.Equal(firstCount, first.Count);
            Assert.Equal(Enumerable.Range(0, 100), first.Indices.ToArray().Concat(second.Indices.ToArray()).Order());
        }
    }

    [Fact]
    public void The_seed_decides()
    {
        ImageSet set = Set(50, 30, 20);

        Assert.Equal(Split.Stratified(set, 50, 1).First.Indices.ToArray(), Split.Stratified(set, 50, 1).First.Indices.ToArray());
        Assert.NotEqual(Split.Stratified(set, 50, 1).First.Indices.ToArray(), Split.Stratified(set, 50, 2).First.Indices.ToArray());
        Assert.NotEqual(Split.Shuffled(set, 50, 1).First.Indices.ToArray(), Split.Shuffled(set, 50, 2).First.Indices.ToArray());
    }

    [Fact]
    public void A_subset_reads_through_its_indices()
    {
        var subset = new Subset(Set(2, 2, 2), [5, 0]);
        float[] image = new float[1];

        subset.CopyImage(0, image);

        Assert.Equal(5, image[0]);
        Assert.Equal([2, 0], [subset.Label(0), subset.Label(1)]);
        Assert.Contains("image 6 was chosen", Assert.Throws<ArgumentException>(() => new Subset(Set(2, 2, 2), [6])).Message);
    }

    [Fact]
    public void More_images_than_there_are_cannot_be_taken()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Stratified(Set(1, 1, 1), 4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Shuffled(Set(1, 1, 1), -1, 0));
    }

    [Fact]
    public void One_image_a_class_cannot_be_in_both_parts()
    {
        var one = new Subset(Set(1, 1, 1), [0, 1, 2]);
        Assert.Contains(
            "one image a class",
            Assert.Throws<ArgumentException>(() => Split.Stratified(one, 2, seed: 0)).Message,
            StringComparison.Ordinal);
        Assert.Equal(3, Split.Stratified(one, 3, seed: 0).First.Count);
        Assert.Equal(2, Split.Shuffled(one, 2, seed: 0).First.Count);
    }

    private static int[] Counts(Subset set) =>
        [.. Enumerable.Range(0, 3).Select(label => Enumerable.Range(0, set.Count).Count(i => set.Label(i) == label))];

    private static ImageSet Set(params int[] classSizes)
    {
        int[] labels = [.. classSizes.SelectMany((size, label) => Enumerable.Repeat(label, size))];
        float[] pixels = [.. Enumerable.Range(0, labels.Length).Select(i => (float)i)];
        return ImageSet.FromFloats(new ImageShape(1, 1, 1), pixels, labels, ["a", "b", "c"]);
    }
}
