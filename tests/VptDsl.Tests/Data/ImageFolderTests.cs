using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>Folders become classes in a fixed order, and nothing that looks like data is dropped in silence.</summary>
public sealed class ImageFolderTests : IDisposable
{
    private static readonly ImagePipeline Pipeline = Transforms.Vtab(8);
    private readonly ImageTree _tree = new();

    [Fact]
    public void Folders_are_classes_sorted_by_code_and_images_are_found_at_any_depth()
    {
        _tree.Images("rose/2.jpg", "rose/more/1.JPG", "Tulip/a.jpg", "rose/10.jpg").Text("rose/notes.txt", "no image")
            .Text("readme.md", "");

        PixelImages set = ImageFolder.Read(_tree.Root, Pipeline);

        Assert.Equal(["Tulip", "rose"], set.ClassNames);
        Assert.Equal([0, 1, 1, 1], Enumerable.Range(0, set.Count).Select(set.Label));
        Assert.Equal(
            ["Tulip/a.jpg", "rose/10.jpg", "rose/2.jpg", "rose/more/1.JPG"],
            Enumerable.Range(0, 4).Select(i => Path.GetRelativePath(_tree.Root, set.NameOf(i)).Replace('\\', '/')));
        Assert.Equal(new ImageShape(3, 8, 8), set.Shape);
    }

    [Fact]
    public void A_test_set_takes_the_training_sets_labels()
    {
        _tree.Images("c/1.jpg", "b/1.jpg");

        PixelImages set = ImageFolder.Read(_tree.Root, Pipeline, ["a", "b", "c"]);

        Assert.Equal([1, 2], [set.Label(0), set.Label(1)]);
        Assert.Contains("none of the 2 classes (a, b)", Message(["a", "b"]));
    }

    [Fact]
    public void What_is_missing_or_cannot_be_read_is_named()
    {
        Assert.Contains("no folders in it", Message());
        Directory.CreateDirectory(_tree.Path("empty"));
        Assert.Contains($"{_tree.Path("empty")}: there are no images in it", Message());
        _tree.Images("empty/1.jpg").Text("empty/scan.tif", "");
        Assert.Contains("scan.tif: .tif images are not read. Convert", Message());
        Assert.Contains(
            "no such folder", Assert.Throws<ImageDataException>(() => ImageFolder.Read(_tree.Path("none"), Pipeline)).Message);
    }

    [Fact]
    public void A_broken_image_is_named_when_it_is_read()
    {
        _tree.Images("a/1.jpg").File("a/2.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0]);
        PixelImages set = ImageFolder.Read(_tree.Root, Pipeline);

        set.CopyImage(0, new float[set.Shape.Floats]);
        var error = Assert.Throws<ImageDataException>(() => set.CopyImage(1, new float[set.Shape.Floats]));

        Assert.Equal(_tree.Path("a/2.jpg"), error.FilePath);
        Assert.Contains("Fetch or export the image again.", error.Message);
    }

    [Fact]
    public void Reads_outside_the_set_or_into_wrong_room_are_refused()
    {
        PixelImages set = ImageFolder.Read(_tree.Images("a/1.jpg").Root, Pipeline);

        Assert.Throws<ArgumentOutOfRangeException>(() => set.CopyImage(1, new float[set.Shape.Floats]));
        Assert.Contains(
            "takes 192 floats", Assert.Throws<ArgumentException>(() => set.CopyImage(0, new float[5])).Message);
    }

    public void Dispose() => _tree.Dispose();

    private string Message(string[]? classNames = null) =>
        Assert.Throws<ImageDataException>(() => ImageFolder.Read(_tree.Root, Pipeline, classNames)).Message;
}
