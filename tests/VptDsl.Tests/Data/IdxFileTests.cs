using System.IO.Compression;
using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>
/// IDX files are read as they are meant; damaged or hostile ones end in an error that names the file and never in a crash or a flood
/// of memory.
/// </summary>
public sealed class IdxFileTests : IDisposable
{
    private static readonly byte[] GoodImages = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 51, 255, 1, 2, 3];
    private static readonly byte[] GoodLabels = [0, 0, 8, 1, 0, 0, 0, 2, 4, 0];
    private readonly string _folder = Directory.CreateTempSubdirectory("vptdsl-idx-").FullName;

    public static TheoryData<string, byte[]> BadImages => new()
    {
        { "ends within the header", [] },
        { "ends within the header", [0, 0, 8] },
        { "ends within the header", GoodImages[..15] },
        { "starts with 80 and 75", [80, 75, 8, 3, .. GoodImages[4..]] },
        { "type 0x0D", [0, 0, 0x0D, 3, .. GoodImages[4..]] },
        { "1 dimension(s)", GoodLabels },
        { "255 dimension(s)", [0, 0, 8, 255, .. GoodImages[4..]] },
        { "dimension 2 is 0", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0] },
        { "dimension 0 is 4294967295", [0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 1] },
        { "at most 1073741824 are read", [0, 0, 8, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0] },
        { "promises 6 elements, but the file ends after 5", GoodImages[..^1] },
        { "more data follow after the 6 elements", [.. GoodImages, 0] },
    };

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Images_and_labels_are_read_plain_or_gzipped(bool zipImages, bool zipLabels)
    {
        string images = Write("images", GoodImages, zipImages);
        string labels = Write("labels", GoodLabels, zipLabels);

        ImageSet set = IdxFile.ReadImages(images, labels, new Normalization(0, 1));
        float[] image = new float[3];
        set.CopyImage(0, image);

        Assert.Equal(new ImageShape(1, 1, 3), set.Shape);
        Assert.Equal([4, 0], [set.Label(0), set.Label(1)]);
        Assert.Equal([0, 0.2f, 1], image);
        Assert.Equal(["0", "1", "2", "3", "4"], set.ClassNames);
    }

    [Fact]
    public void A_colour_normalisation_makes_colour_images()
    {
        ImageSet set = IdxFile.ReadImages(Write("images", GoodImages), Write("labels", GoodLabels), Normalization.Symmetric);
        float[] image = new float[9];
        set.CopyImage(0, image);

        Assert.Equal(image[..3], image[3..6]);
        Assert.Equal(image[..3], image[6..]);
        Assert.Equal((-1, 1), (image[0], image[2]));
    }

    [Theory]
    [MemberData(nameof(BadImages))]
    public void A_bad_file_is_named_with_what_is_wrong(string expected, byte[] content)
    {
        foreach (bool zip in new[] { false, true })
        {
            string path = Write("images", content, zip);

            string message = ReadError(path, Write("labels", GoodLabels));

            Assert.StartsWith(path, message);
            Assert.Contains(expected, message);
        }
    }

    [Fact]
    public void A_damaged_gzip_is_named()
    {
        string path = Write("images", GoodImages, zip: true);
        byte[] zipped = File.ReadAllBytes(path);
        zipped[12] ^= 0xFF;
        File.WriteAllBytes(path, zipped);

        Assert.StartsWith(path, ReadError(path, Write("labels", GoodLabels)));
    }

    [Fact]
    public void A_claim_without_content_takes_no_memory()
    {
        string path = Write("images", [0, 0, 8, 3, 0, 0, 64, 0, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("ends after 3", ReadError(path, Write("labels", GoodLabels)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        string images = Write("images", GoodImages);

        Assert.Contains("2 images", ReadError(images, Write("labels", [0, 0, 8, 1, 0, 0, 0, 1, 4])));
        Assert.Contains("swapped", ReadError(images, images));
        Assert.Contains("image 0 has label 4, but the 3 classes", ReadError(images, Write("labels", GoodLabels), ["a", "b", "c"]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string ReadError(string images, string labels, string[]? classNames = null) =>
        Assert.Throws<InvalidDataException>(() => IdxFile.ReadImages(images, labels, new Normalization(0, 1), classNames)).Message;

    private string Write(string name, byte[] content, bool zip = false)
    {
        string path = Path.Combine(_folder, name);
        using FileStream file = File.Create(path);
        using Stream output = zip ? new GZipStream(file, CompressionLevel.Fastest) : file;
        output.Write(content);
        return path;
    }
}
