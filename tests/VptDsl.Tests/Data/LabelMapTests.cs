using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Tests.Data.Golden;

namespace VptDsl.Tests.Data;

/// <summary>
/// Protects label maps as files: numbers come back as they were written, and what cannot be written leaves what was there.
/// </summary>
public sealed class LabelMapTests : IDisposable
{
    private readonly ImageTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Every_grey_level_comes_back_as_the_label_it_was()
    {
        var written = new LabelMap(8, 32, [.. Enumerable.Range(0, 256)]);
        _tree.Images("images/test/a.jpg").Text("annotations/test/b.txt", "no map");
        written.SaveLabels(_tree.Path("annotations/test/a.png"));
        string[] names = [.. Enumerable.Range(0, 255).Select(i => $"class {i}")];

        LabelMap read = SegmentationFolder.Read(_tree.Root, "test", Transforms.Vtab(8), names).ReadLabelMap(0);

        Assert.Equal((8, 32), (read.Height, read.Width));
        Assert.Equal(written.Labels.ToArray(), read.Labels.ToArray());
    }

    [Fact]
    public void A_picture_has_each_labels_colour()
    {
        var map = new LabelMap(2, 3, [0, 1, 2, 3, 21, 255]);
        map.SavePicture(_tree.Path("colours.png"));
        Assert.Equal([0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0, 128, 64, 128, 224, 224, 192], RgbOf("colours.png"));

        map.SavePicture(_tree.Path("own.png"), label => ((byte)label, 7, (byte)(255 - label)));
        Assert.Equal(map.Labels.ToArray().SelectMany(l => new[] { (byte)l, (byte)7, (byte)(255 - l) }), RgbOf("own.png"));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(-1)]
    public void A_label_that_is_no_grey_level_is_not_written(int label)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new LabelMap(1, 2, [0, label]).SaveLabels(_tree.Path("a.png")));
        Assert.Contains($"Label {label} is no grey level: a file of labels holds 0 to 255.", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_tree.Root));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        string path = _tree.Path("missing/a.png");
        var map = new LabelMap(1, 1, [0]);
        Assert.All(new Action[] { () => map.SaveLabels(path), () => map.SavePicture(path) }, save =>
            Assert.StartsWith(path + ": the file was not written", Assert.ThrowsAny<IOException>(save).Message, StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_tree.Root));
    }

    [Fact]
    public void What_cannot_be_replaced_stays_and_nothing_lies_beside_it()
    {
        Directory.CreateDirectory(_tree.Path("a.png"));
        Assert.ThrowsAny<IOException>(() => new LabelMap(1, 1, [0]).SaveLabels(_tree.Path("a.png")));

        _tree.Text("b.png", "what was there");
        Assert.Throws<KeyNotFoundException>(() =>
            new LabelMap(1, 1, [3]).SavePicture(_tree.Path("b.png"), _ => throw new KeyNotFoundException()));
        Assert.Equal("what was there", File.ReadAllText(_tree.Path("b.png")));

        new LabelMap(1, 1, [0]).SaveLabels(_tree.Path("b.png"));
        Assert.Equal([0, 0, 0], RgbOf("b.png"));
        Assert.Equal(["a.png", "b.png"], Directory.EnumerateFileSystemEntries(_tree.Root).Select(f => Path.GetFileName(f)!).Order());
    }

    [Fact]
    public void Pixels_are_found_by_row_and_column()
    {
        var map = new LabelMap(2, 3, [0, 1, 2, 3, 4, 5]);
        Assert.Equal([2, 3, 5], new[] { map[0, 2], map[1, 0], map[1, 2] });
    }

    [Theory]
    [InlineData(-1, 0, "y")]
    [InlineData(2, 0, "y")]
    [InlineData(0, -1, "x")]
    [InlineData(0, 3, "x")]
    public void A_pixel_outside_is_refused(int y, int x, string argument) =>
        Assert.Throws<ArgumentOutOfRangeException>(argument, () => new LabelMap(2, 3, new int[6])[y, x]);

    [Fact]
    public void Sizes_that_do_not_fit_together_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new LabelMap(2, 3, new int[5]));
        Assert.Contains("A label map of 2 × 3 pixels has 6 labels, not 5.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new LabelMap(0, 3, []));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new LabelMap(2, -1, []));
        Assert.Throws<ArgumentException>("labels", () => new LabelMap(1 << 16, 1 << 16, []));
    }

    private byte[] RgbOf(string name)
    {
        using PixelImage image = ImageFileReader.Read(_tree.Path(name));
        return GoldenFile.Rgb(image);
    }
}
