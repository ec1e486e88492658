using SkiaSharp;
using VptDsl.Data;
using VptDsl.Tests.Weights;

namespace VptDsl.Tests.Data;

/// <summary>Lists of images with several classes are read as they are meant, and what is wrong in one is said with its line.</summary>
public sealed class MultiLabelFileTests : IDisposable
{
    private static readonly ImagePipeline Pipeline = Transforms.Vtab(2, new Normalization(0.5f, 0.5f));

    private readonly TempFolder _folder = new();

    public MultiLabelFileTests()
    {
        foreach (string name in (string[])["a.png", "b c.png", "d,e.png", "image"])
        {
            using var bitmap = new SKBitmap(2, 2, SKColorType.Gray8, SKAlphaType.Opaque);
            using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(_folder.Path(name), png.ToArray());
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.png,dog,cat\n\nb c.png\n\"d,e.png\", \"cat, big\" ,dog\n")]
    [InlineData("path,labels\r\na.png,dog,cat,,\r\nb c.png,,,\r\n\"d,e.png\",\"cat, big\",dog\r\n")]
    [InlineData("{\"image\":\"a.png\",\"classes\":[\"dog\",\"cat\"]}\n{\"classes\":[],\"image\":\"b c.png\"}\n"
        + "{\"image\":\"d,e.png\",\"classes\":[\"cat, big\",\"dog\"]}")]
    public void Paths_and_classes_are_read(string text)
    {
        MultiLabelImages images = Read(text);

        Assert.Equal(["cat", "cat, big", "dog"], images.ClassNames);
        Assert.Equal([[0, 2], [], [1, 2]], Enumerable.Range(0, images.Count).Select(i => images.ClassesOf(i).ToArray()));
        int[] labels = [9, 9, 9];
        images.CopyLabels(2, labels);
        Assert.Equal([0, 1, 1], labels);
        Assert.True(images.IsMultiLabel);
        Assert.Equal(3, images.LabelsPerImage);
        float[] pixels = new float[4];
        images.CopyImage(2, pixels);
        Assert.All(pixels, pixel => Assert.Equal(-1, pixel));
        Assert.Equal("3 images of shape 1×2×2, 3 classes", images.ToString());
    }

    [Fact]
    public void Given_names_are_the_classes_however_accents_are_composed()
    {
        MultiLabelImages images = Read("a.png,cafe\u0301\n", ["zebra", "caf\u00e9"]);
        Assert.Equal([1], images.ClassesOf(0));
        Assert.Equal(["zebra", "caf\u00e9"], images.ClassNames);
    }

    [Fact]
    public void A_file_may_be_called_as_a_column_is() => Assert.Equal(1, Read("image,dog\n").Count);

    [Theory]
    [InlineData("", "names no images")]
    [InlineData("path,classes\n", "names no images")]
    [InlineData("a.png\n", "has a class")]
    [InlineData("a.png,dog\na.png,cat\n", "line 2", "in line 1 already")]
    [InlineData("a.png,dog,dog\n", "line 1", "twice")]
    [InlineData("a.png,dog\n\nnone.png,dog\n", "line 3", "none.png")]
    [InlineData("a.png,\"dog\n", "line 1", "quotation mark")]
    [InlineData("a.png,\"dog\" x\n", "line 1", "quotation mark")]
    [InlineData(",dog\n", "line 1", "no path")]
    [InlineData("a.png,do\u0007g\n", "line 1", "no name of a class")]
    [InlineData("{\"image\":\"a.png\",\"classes\":[\" \"]}\n", "line 1", "no name of a class")]
    [InlineData("{\"image\":\"a.png\"}\n", "line 1", "no object")]
    [InlineData("{\"image\":3,\"classes\":[]}\n", "line 1", "no object")]
    [InlineData("a.png,dog\n{\"image\":\"b c.png\",\"classes\":[\"d", "line 2", "no object")]
    [InlineData("{\"image\":\"a.png\",\"classes\":\"dog\"}\n", "line 1", "no object")]
    public void What_is_wrong_is_said_with_its_line(string text, params string[] said)
    {
        ImageDataException error = Assert.Throws<ImageDataException>(() => Read(text));
        Assert.All(said.Append("list.csv"), words => Assert.Contains(words, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_class_without_a_name_is_refused()
    {
        ImageDataException error = Assert.Throws<ImageDataException>(() => Read("a.png,dog\nb c.png,cow\n", ["dog", "cat"]));
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("cow", error.Message, StringComparison.Ordinal);
        Assert.Throws<ImageDataException>(() => MultiLabelFile.Read(_folder.Path("none.csv"), Pipeline));
    }

    [Fact]
    public void Sets_in_memory_are_checked()
    {
        ImageSet set = ImageSet.FromFloats(new ImageShape(1, 2, 2), new float[8], new int[2], ["any"]);
        Assert.Equal([0, 1], new MultiLabelImages(set, ["a", "b"], [[1, 0], []]).ClassesOf(0));
        foreach (int[][] classes in (int[][][])[[[0]], [[0], [2]], [[0], [-1]], [[0], [1, 1]]])
            Assert.Throws<ArgumentException>(() => new MultiLabelImages(set, ["a", "b"], classes));
        Assert.Throws<ArgumentException>(() => new MultiLabelImages(set, ["a", "a"], [[], []]));
        Assert.Throws<ArgumentException>(() => new MultiLabelImages(set, ["a"], [[], null!]));
        Assert.Throws<ArgumentException>(() => Split.Stratified(new MultiLabelImages(set, ["a"], [[], []]), 1, seed: 0));
        (Subset first, Subset second) = Split.Shuffled(new MultiLabelImages(set, ["a"], [[0], []]), 1, seed: 0);
        Assert.True(first.IsMultiLabel && second.LabelsPerImage == 1);
    }

    private MultiLabelImages Read(string text, string[]? names = null)
    {
        File.WriteAllText(_folder.Path("list.csv"), text);
        return MultiLabelFile.Read(_folder.Path("list.csv"), Pipeline, classNames: names);
    }
}
