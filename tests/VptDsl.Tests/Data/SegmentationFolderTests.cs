using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>
/// Protects label maps: their numbers arrive, stay with their pixels, and whatever does not fit is said with the file's name.
/// </summary>
public sealed class SegmentationFolderTests : IDisposable
{
    private static readonly string[] Classes = ["ground", "sky", "tree"];

    private readonly string _root = Directory.CreateTempSubdirectory("vptdsl-").FullName;

    public SegmentationFolderTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "images", "training"));
        Directory.CreateDirectory(Path.Combine(_root, "annotations", "training"));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Labels_arrive_as_they_are()
    {
        Write(4, 4, i => i % 3);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => i % 3), LabelsOf(Read(new ImagePipeline(Normalization.ImageNet).CenterCrop(4))));
    }

    [Fact]
    public void Zero_is_ignored_where_the_files_count_classes_from_one()
    {
        Write(2, 2, i => i);
        SegmentationImages images = Read(new ImagePipeline(Normalization.ImageNet).CenterCrop(2), zeroIsIgnored: true);
        Assert.Equal([255, 0, 1, 2], LabelsOf(images));
    }

    /// <summary>Where files count from 1, their number of the last class may be the label that the model ignores.</summary>
    [Fact]
    public void The_last_class_counts_though_the_files_call_it_as_the_model_calls_what_it_ignores()
    {
        Write(2, 2, i => i);
        SegmentationImages images = SegmentationFolder.Read(
            _root, "training", new ImagePipeline(Normalization.ImageNet).CenterCrop(2), Classes, zeroIsIgnored: true, ignoredLabel: 3);
        Assert.Equal([3, 0, 1, 2], LabelsOf(images));
    }

    [Theory]
    [InlineData(0, true, "ground")]
    [InlineData(2, true, "tree")]
    [InlineData(2, false, "tree")]
    public void The_label_of_a_class_cannot_be_ignored(int ignored, bool zeroIsIgnored, string name)
    {
        Write(2, 2, i => i % 3);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => SegmentationFolder.Read(
            _root, "training", new ImagePipeline(Normalization.ImageNet).CenterCrop(2), Classes, zeroIsIgnored, ignored));
        Assert.StartsWith($"The label {ignored} is that of the class \"{name}\": ignore one that is none, 3 or more", refused.Message);
    }

    [Fact]
    public void Crops_and_mirrors_meet_image_and_map_alike()
    {
        // The map is the picture: a pixel's red is its label.
        Write(9, 7, i => i % 3);
        SegmentationImages images = Read(new ImagePipeline(Normalization.ImageNet).RandomCrop(5).RandomFlip());
        float[] byLabel = [.. Enumerable.Range(0, 3).Select(label => ((label / 255f) - 0.485f) / 0.229f)];
        for (int epoch = 0; epoch < 8; epoch++)
        {
            var random = new RandomStream(epoch);
            float[] image = new float[3 * 25];
            int[] labels = new int[25];
            images.CopyAugmented(0, image, labels, ref random);
            Assert.All(Enumerable.Range(0, 25), i => Assert.Equal(byLabel[labels[i]], image[i], 4));
        }
    }

    [Fact]
    public void Resizing_takes_the_nearest_label()
    {
        Write(2, 2, i => i == 0 ? 2 : 0);
        Assert.Equal([2, 2, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], LabelsOf(Read(new ImagePipeline(Normalization.ImageNet).Resize(4))));
    }

    [Fact]
    public void An_image_without_a_map_is_named()
    {
        Save("images", "a.png", 2, 2, _ => 0);
        var error = Assert.Throws<ImageDataException>(() => Read(new ImagePipeline(Normalization.ImageNet).CenterCrop(2)));
        Assert.Contains("a.png: it has no label map. Put one at", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_odd_names_and_what_is_passed_over_are_as_in_other_folders()
    {
        foreach (string name in new[] { "a.png", "caf\u00E9.png", "deep/b.png" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, "images", "training", name))!);
            Save("images", name, 2, 2, _ => 0);
        }

        Directory.CreateDirectory(Path.Combine(_root, "annotations", "training", "deep"));
        foreach (string name in new[] { "a.PNG", "cafe\u0301.png", "deep/b.png", "alone.png" })
            Save("annotations", name, 2, 2, _ => 1);
        Directory.CreateSymbolicLink(Path.Combine(_root, "images", "training", "deep", "up"), "..");
        File.WriteAllText(Path.Combine(_root, "images", "training", "notes.txt"), "none");

        SegmentationImages images = Read(new ImagePipeline(Normalization.ImageNet).CenterCrop(2));

        Assert.Equal(3, images.Count);
        Assert.Equal("a.PNG", Path.GetFileName(images.FilesOf(0).LabelMap));
        Assert.Equal(
            [("files that are no images", 1), ("links to folders that are read already", 1), ("label maps without an image", 1)],
            images.PassedOver.Select(passed => (passed.Reason, passed.Count)));
    }

    [Fact]
    public void Two_images_of_one_map_are_an_error()
    {
        Write(2, 2, _ => 0);
        File.Copy(Path.Combine(_root, "images", "training", "a.png"), Path.Combine(_root, "images", "training", "a.webp"));
        string message = Assert.Throws<ImageDataException>(() => Read(new ImagePipeline(Normalization.ImageNet).CenterCrop(2))).Message;
        Assert.Contains("a.webp: it has the label map of", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_of_another_size_is_named()
    {
        Save("images", "a.png", 4, 4, _ => 0);
        Save("annotations", "a.png", 4, 3, _ => 0);
        SegmentationImages images = Read(new ImagePipeline(Normalization.ImageNet).Resize(2));
        var error = Assert.Throws<ImageDataException>(() => LabelsOf(images));
        Assert.Contains("the label map has 4×3 pixels, but its image has 4×4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_is_no_class_is_named()
    {
        Write(2, 2, _ => 7);
        var error = Assert.Throws<ImageDataException>(() => LabelsOf(Read(new ImagePipeline(Normalization.ImageNet).CenterCrop(2))));
        Assert.Contains("a pixel has the label 7, but there are 3 classes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_in_colours_is_no_label_map()
    {
        Save("images", "a.png", 2, 2, _ => 0);
        new LabelMap(2, 2, [0, 1, 2, 0]).SavePicture(Path.Combine(_root, "annotations", "training", "a.png"));
        var error = Assert.Throws<ImageDataException>(() => LabelsOf(Read(new ImagePipeline(Normalization.ImageNet).CenterCrop(2))));
        Assert.Contains("it is a colour picture", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 128, 0, 0)]
    [InlineData(2, 0, 128, 0)]
    [InlineData(15, 192, 128, 128)]
    [InlineData(255, 224, 224, 192)]
    public void Colours_are_those_of_the_usual_palette(int label, int red, int green, int blue) =>
        Assert.Equal(((byte)red, (byte)green, (byte)blue), LabelMap.ColourOf(label));

    private SegmentationImages Read(ImagePipeline pipeline, bool zeroIsIgnored = false) =>
        SegmentationFolder.Read(_root, "training", pipeline, Classes, zeroIsIgnored);

    private static int[] LabelsOf(SegmentationImages images)
    {
        int[] labels = new int[images.LabelsPerImage];
        images.CopyLabels(0, labels);
        return labels;
    }

    private void Write(int width, int height, Func<int, int> labelOf)
    {
        Save("images", "a.png", width, height, labelOf);
        Save("annotations", "a.png", width, height, labelOf);
    }

    private void Save(string folder, string name, int width, int height, Func<int, int> labelOf) =>
        new LabelMap(height, width, [.. Enumerable.Range(0, width * height).Select(labelOf)])
            .SaveLabels(Path.Combine(_root, folder, "training", name));
}
