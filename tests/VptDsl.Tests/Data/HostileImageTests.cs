using System.IO.Compression;
using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Tests.Data.Golden;

namespace VptDsl.Tests.Data;

/// <summary>Damaged images and lists end in an error or a right-sized image: no crash, no endless loop, no flood of memory.</summary>
/// <remarks>VPTDSL_FUZZ=10000 runs so many mutated inputs for each reader instead of some hundred.</remarks>
public sealed class HostileImageTests : IDisposable
{
    private static readonly string[] Names =
    [
        "colour.png", "palette.png", "subsampled.jpg", "progressive.jpg", "lossy.webp", "transparent.webp",
    ];
    private readonly ImageTree _tree = new();

    [Fact]
    public void An_image_cut_off_anywhere_is_an_error_unless_only_its_trailer_is_missing()
    {
        foreach (string name in Names)
        {
            byte[] whole = GoldenFile.Bytes(name);
            byte[] expected = GoldenFile.Bytes(name + ".rgb");
            for (int length = 0; length < whole.Length; length += length < 64 ? 1 : 7)
            {
                using PixelImage? image = ImageDecoder.Decode(whole.AsSpan(0, length), out string problem);

                Assert.Equal(image is null, problem.Length > 0);
                if (image is not null)
                    Assert.Equal(expected, GoldenFile.Rgb(image));
            }
        }
    }

    [Fact]
    public void Flipped_bits_do_no_harm()
    {
        var random = new RandomStream(17);
        foreach (string name in Names)
        {
            for (int trial = 0; trial < Fuzzing.Trials(300); trial++)
            {
                byte[] content = GoldenFile.Bytes(name);
                for (int flips = 1 + random.NextInt(4); flips > 0; flips--)
                    content[random.NextInt(content.Length)] ^= (byte)(1 << random.NextInt(8));

                using PixelImage? image = ImageDecoder.Decode(content, out string problem);

                Assert.Equal(image is null, problem.Length > 0);
            }
        }
    }

    /// <summary>Whoever reads the file adds its name to the message, as to those of all that is wrong with an image.</summary>
    [Theory]
    [InlineData(1, 1_000_000, false)]
    [InlineData(1_000_000, 1, true)]
    public void A_thread_of_an_image_is_refused_in_words(int width, int height, bool isShortSideAlone)
    {
        using var thread = new PixelImage(width, height);
        RandomStream random = new(1);
        PixelStep shortSide = new ResizeShortSideStep(224, Interpolation.Bilinear), both = new ResizeStep(224, Interpolation.Bilinear);

        foreach (Action resize in (Action[])
            [
                () => shortSide.Apply(thread, ref random),
                () => shortSide.ApplyToLabels(thread, ref random),
                () => (isShortSideAlone ? shortSide : both).Apply(thread, ref random),
            ])
        {
            Assert.StartsWith(
                $"its sides, {width}×{height}, are too unequal to be resized to",
                Assert.Throws<InvalidDataException>(resize).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Mutated_lists_are_read_or_refused_by_name()
    {
        _tree.Images("a.jpg", "b.jpg");
        byte[] text = "a.jpg 0\nb.jpg 1\n"u8.ToArray();
        byte[] json = """{"a.jpg": 0, "b.jpg": 1}"""u8.ToArray();
        ImagePipeline pipeline = Transforms.Vtab(8);
        var random = new RandomStream(18);
        for (int trial = 0; trial < Fuzzing.Trials(1000); trial++)
        {
            _tree.File("list.txt", Mutate(text, ref random)).File("train.json", Mutate(json, ref random));
            Check(() => ListFile.Read(_tree.Path("list.txt"), pipeline));
            Check(() => FgvcData.Open(_tree.Root).Read(pipeline, FgvcSplit.Train));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mutated_binaries_are_read_or_refused_by_name(bool isCompressed)
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, .. new byte[12]], labels = [0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2];
        byte[] cifar = [.. Enumerable.Range(0, 2 * 3074).Select(i => (byte)(i % 3074 < 2 ? 1 : i))];
        if (isCompressed)
            (images, labels) = (Zipped(images), Zipped(labels));
        ImagePipeline pipeline = new ImagePipeline(Normalization.ImageNet).Resize(4);
        var random = new RandomStream(19);
        for (int trial = 0; trial < Fuzzing.Trials(500); trial++)
        {
            _tree.File("images", Mutate(images, ref random)).File("labels", random.NextInt(2) == 0 ? labels : Mutate(labels, ref random));
            _tree.File("train.bin", Mutate(cifar, ref random));
            Check(() => IdxFile.ReadImages(_tree.Path("images"), _tree.Path("labels"), pipeline));
            Check(() => CifarFile.ReadCifar100(_tree.Root, train: true, pipeline));
        }
    }

    public void Dispose() => _tree.Dispose();

    private static byte[] Zipped(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Optimal))
            zip.Write(content);
        return zipped.ToArray();
    }

    private static void Check(Func<PixelImages> read)
    {
        try
        {
            Assert.InRange(read().Count, 1, 3);
        }
        catch (Exception e) when (e is ImageDataException or InvalidDataException)
        {
            Assert.Matches("list.txt|train.json|images|labels|train.bin", e.Message);
        }
    }

    private static byte[] Mutate(byte[] content, ref RandomStream random)
    {
        byte[] mutated = content[..random.NextInt(content.Length + 1)];
        if (mutated.Length > 0)
            mutated[random.NextInt(mutated.Length)] ^= (byte)(1 << random.NextInt(8));
        return random.NextInt(2) == 0 ? mutated : [.. mutated, .. content[mutated.Length..]];
    }
}
