using VptDsl.Data;
using VptDsl.Tool.Commands;

namespace VptDsl.Tests.Tool;

/// <summary>What the command line holds out to choose the best epoch leaves something of every class to learn from.</summary>
public sealed class HoldOutTests
{
    [Theory]
    [InlineData(10, 10)]
    [InlineData(1, 1, 1, 1, 1, 1, 1, 1, 1, 6)]
    [InlineData(2, 1, 1, 1, 1, 1, 1, 1, 1, 1)]
    [InlineData(1, 2, 3, 4, 5, 6, 7, 1, 1, 1)]
    [InlineData(0, 1, 5)]
    public void Every_class_is_learned(params int[] sizes)
    {
        ImageSet images = Set(sizes);

        (Subset train, Subset held) = Inputs.HoldOut(images);

        Assert.Equal(Enumerable.Range(0, images.Count), train.Indices.ToArray().Concat(held.Indices.ToArray()).Order());
        Assert.Equal(train.Indices.ToArray().Order(), train.Indices.ToArray());
        Assert.True(held.Count > 0);
        int[] learned = [.. Enumerable.Range(0, train.Count).Select(train.Label).Distinct().Order()];
        Assert.Equal(Enumerable.Range(0, sizes.Length).Where(label => sizes[label] > 0), learned);
        Assert.All(Enumerable.Range(0, held.Count), i => Assert.True(sizes[held.Label(i)] > 1));
    }

    [Fact]
    public void Classes_of_several_images_are_divided_in_their_proportions()
    {
        ImageSet images = Set(20, 10);

        (Subset train, Subset held) = Inputs.HoldOut(images);

        (Subset first, Subset second) = Split.Stratified(images, 24, seed: 0);
        Assert.Equal(first.Indices.ToArray(), train.Indices.ToArray());
        Assert.Equal(second.Indices.ToArray(), held.Indices.ToArray());
    }

    [Fact]
    public void Where_no_class_has_two_images_nothing_is_held_out() =>
        Assert.Contains("one image a class", Assert.Throws<ArgumentException>(() => Inputs.HoldOut(Set(1, 1, 1))).Message);

    [Theory]
    [InlineData(100, 3)]
    [InlineData(100, 60)]
    [InlineData(10, 9)]
    [InlineData(2, 1)]
    public void Every_class_is_learned_where_images_have_several(int count, int rare)
    {
        // Class 0 is everywhere, each of the rare ones on an image of its own, and the last on the two that chance alone would hold out.
        (_, Subset drawn) = Split.Shuffled(Several([.. Enumerable.Repeat<int[]>([0], count)], 1), count - Math.Max(1, count / 5), seed: 0);
        int[][] classes = [.. Enumerable.Range(0, count).Select(image => image < rare ? new[] { 0, 1 + image } : [0])];
        foreach (int image in drawn.Count > 1 ? drawn.Indices[..2] : [])
            classes[image] = [.. classes[image], 1 + rare];
        MultiLabelImages images = Several(classes, rare + 2);

        (Subset train, Subset held) = Inputs.HoldOut(images);

        Assert.Equal(Enumerable.Range(0, count), train.Indices.ToArray().Concat(held.Indices.ToArray()).Order());
        Assert.Equal(Math.Min(Math.Max(1, count / 5), count - rare), held.Count);
        Assert.Equal(
            classes.SelectMany(own => own).Distinct().Order(),
            train.Indices.ToArray().SelectMany(image => images.ClassesOf(image)).Distinct().Order());
    }

    [Fact]
    public void Chance_alone_holds_out_where_no_class_is_lost()
    {
        MultiLabelImages images = Several([.. Enumerable.Range(0, 50).Select(image => image % 3 == 0 ? new[] { 0, 1 } : [])], 2);

        (Subset train, Subset held) = Inputs.HoldOut(images);

        (Subset first, Subset second) = Split.Shuffled(images, 40, seed: 0);
        Assert.Equal(first.Indices.ToArray(), train.Indices.ToArray());
        Assert.Equal(second.Indices.ToArray(), held.Indices.ToArray());
    }

    [Fact]
    public void Where_each_image_is_the_only_one_of_a_class_nothing_is_held_out() => Assert.Contains(
        "the only one of one of its classes",
        Assert.Throws<ArgumentException>(() => Inputs.HoldOut(Several([[0, 1], [0, 2], [3]], 4))).Message);

    private static MultiLabelImages Several(int[][] classes, int count)
    {
        var images = ImageSet.FromFloats(new ImageShape(1, 1, 1), new float[classes.Length], new int[classes.Length], ["any"]);
        return new MultiLabelImages(images, [.. Enumerable.Range(0, count).Select(label => $"class {label}")], classes);
    }

    /// <summary>Images of one pixel, so many of each class, the classes in turn.</summary>
    private static ImageSet Set(params int[] sizes)
    {
        int[] labels =
            [.. sizes.SelectMany((size, label) => Enumerable.Range(0, size).Select(i => (i, label))).Order().Select(pair => pair.label)];
        return ImageSet.FromFloats(
            new ImageShape(1, 1, 1), new float[labels.Length], labels, [.. sizes.Select((_, label) => $"class {label}")]);
    }
}
