using System.Formats.Tar;
using System.IO.Compression;
using VptDsl.Data;
using VptDsl.Tests.Data.Golden;

namespace VptDsl.Tests.Data;

/// <summary>
/// Shards are read as WebDataset means them, and an error names the shard and the sample. Damaged ones are errors, whatever is damaged.
/// </summary>
public sealed class WebDatasetTests : IDisposable
{
    private static readonly ImagePipeline Pipeline = Transforms.Vtab(8);

    private static readonly byte[] Picture = GoldenFile.Bytes("subsampled.jpg");

    private readonly ImageTree _tree = new();

    public static TheoryData<string, (string Name, byte[] Content)[]> Incomplete => new()
    {
        { "\"a/1.jpg\": the sample has no class", [("a/1.jpg", Picture), ("a/2.jpg", Picture), ("a/2.cls", "0"u8.ToArray())] },
        { "\"1\": the sample has no image", [("1.cls", "0"u8.ToArray())] },
        { "\"1.png\": the sample has two images", [("1.jpg", Picture), ("1.png", Picture), ("1.cls", "0"u8.ToArray())] },
        { "\"1.cls\": it holds no class", [("1.jpg", Picture), ("1.cls", "rose"u8.ToArray())] },
        { "\"1.cls\": it holds no class", [("1.jpg", Picture), ("1.cls", "-1"u8.ToArray())] },
        { "\"1.cls\": it holds no class", [("1.jpg", Picture), ("1.cls", new byte[100_000])] },
        { "\"1.cls\": it holds no class", [("1.jpg", Picture), ("1.cls", [])] },
        { "\"1.cls\": the class is 1000001, but there are 1000001 classes", [("1.jpg", Picture), ("1.cls", "1000001"u8.ToArray())] },
        { "\"1.jpg\": it has 0 bytes", [("1.jpg", []), ("1.cls", "0"u8.ToArray())] },
        { "it has no samples", [("readme.txt", "nothing"u8.ToArray())] },
    };

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Samples_are_images_with_their_classes_over_all_shards()
    {
        Write("train-08.tar", ("a.jpg", Picture), ("a.cls", " 2\n"u8.ToArray()), ("b.JPEG", Picture), ("b.cls", "0"u8.ToArray()));
        Write(
            "train-09.tar", ("readme", []), ("x.y/c.cls", "1"u8.ToArray()), ("x.y/c.json", "{}"u8.ToArray()), ("x.y/c.seg.png", []),
            ("x.y/c.jpg", Picture));
        Write("train-10.tar", ("1/a.cls", "1"u8.ToArray()), ("1/a.jpg", Picture));

        PixelImages set = WebDataset.Read(_tree.Path("train-{08..10}.tar"), Pipeline);

        Assert.Equal([2, 0, 1, 1], Enumerable.Range(0, set.Count).Select(set.Label));
        Assert.Equal(["0", "1", "2"], set.ClassNames);
        Assert.Equal($"{_tree.Path("train-09.tar")}, \"x.y/c.jpg\"", set.NameOf(2));
        float[] expected = Pipeline.ReadImage(_tree.Images("alone.jpg").Path("alone.jpg"));
        Parallel.For(0, 64, i =>
        {
            float[] image = new float[set.Shape.Floats];
            set.CopyImage(i % set.Count, image);
            Assert.Equal(expected, image);
        });
    }

    [Theory]
    [MemberData(nameof(Incomplete))]
    public void Incomplete_samples_are_named(string message, (string Name, byte[] Content)[] files)
    {
        Write("shard.tar", files);
        var error = Assert.Throws<ImageDataException>(() => WebDataset.Read(_tree.Path("shard.tar"), Pipeline));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(_tree.Path("shard.tar"), error.Message, StringComparison.Ordinal);
    }

    /// <summary>tar on macOS puts what the system knows of a file before it, under its name with a dot and a line.</summary>
    [Fact]
    public void Hidden_files_are_no_samples_and_part_none()
    {
        Write(
            "mac.tar", ("._a.jpg", [1]), ("a.jpg", Picture), ("._a.cls", [1]), ("a.cls", "0"u8.ToArray()), ("in/._b.cls", [1]),
            ("in/b.cls", "1"u8.ToArray()), ("in/._b.jpg", [1]), ("in/b.jpg", Picture), (".DS_Store", [1]));

        PixelImages set = WebDataset.Read(_tree.Path("mac.tar"), Pipeline);

        Assert.Equal([0, 1], Enumerable.Range(0, set.Count).Select(set.Label));
    }

    [Fact]
    public void Classes_that_are_named_are_all_there_are()
    {
        Write("shard.tar", ("1.jpg", Picture), ("1.cls", "1"u8.ToArray()));

        Assert.Equal(["cat", "dog"], WebDataset.Read(_tree.Path("shard.tar"), Pipeline, ["cat", "dog"]).ClassNames);
        Assert.Throws<ImageDataException>(() => WebDataset.Read(_tree.Path("shard.tar"), Pipeline, ["cat"]));
    }

    [Theory]
    [InlineData("train-{0..}.tar")]
    [InlineData("train-{3..1}.tar")]
    [InlineData("train-{a,b}.tar")]
    [InlineData("train-{0..999999999}.tar")]
    [InlineData("{0..1}/{0..1}.tar")]
    public void Braces_hold_a_range(string shards) => Assert.Throws<ArgumentException>(() => WebDataset.Read(shards, Pipeline));

    [Fact]
    public void Missing_empty_and_compressed_shards_say_so()
    {
        _tree.File("empty.tar", []).File("packed.tar", Zipped());

        Assert.Contains("there is no such file", Message("gone.tar"), StringComparison.Ordinal);
        Assert.Contains("the shard is empty", Message("empty.tar"), StringComparison.Ordinal);
        Assert.Contains("Unpack it", Message("packed.tar"), StringComparison.Ordinal);

        static byte[] Zipped()
        {
            using var packed = new MemoryStream();
            using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
                zip.Write(new byte[1024]);
            return packed.ToArray();
        }
    }

    /// <summary>
    /// Cut off anywhere, or with any byte another, a shard is read or is an error of a data set, when it is opened or when an image is.
    /// </summary>
    [Fact]
    public void Damaged_shards_are_errors_of_their_own_kind()
    {
        byte[] whole = Write("whole.tar", ("1.jpg", Picture), ("1.cls", "0"u8.ToArray()), ("2.jpg", Picture), ("2.cls", "1"u8.ToArray()));
        var random = new Random(5);
        for (int i = 0; i < 600; i++)
        {
            byte[] damaged = i % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int change = 0; i % 3 > 0 && change < 1 + (i % 7); change++)
                damaged[random.Next(Math.Min(damaged.Length, i % 2 == 0 ? 512 : damaged.Length))] = (byte)random.Next(256);
            _tree.File("damaged.tar", damaged);
            try
            {
                PixelImages set = WebDataset.Read(_tree.Path("damaged.tar"), Pipeline);
                float[] image = new float[set.Shape.Floats];
                for (int index = 0; index < set.Count; index++)
                    set.CopyImage(index, image);
            }
            catch (ImageDataException)
            {
            }
        }
    }

    private string Message(string shard) =>
        Assert.Throws<ImageDataException>(() => WebDataset.Read(_tree.Path(shard), Pipeline)).Message;

    private byte[] Write(string shard, params (string Name, byte[] Content)[] files)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "x.y/"));
            foreach ((string name, byte[] content) in files)
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        _tree.File(shard, tar.ToArray());
        return tar.ToArray();
    }
}
