using System.Buffers.Binary;
using VptDsl.Data;
using VptDsl.Tests.Data.Golden;

namespace VptDsl.Tests.Data;

/// <summary>
/// Damaged label maps, and files that are no label maps, end in an error that names the file or in a map whose labels are all classes: no
/// crash, no flood of memory, and no number that a decoder made up on the way.
/// </summary>
/// <remarks>VPTDSL_FUZZ=10000 runs so many mutated maps instead of some hundred.</remarks>
public sealed class HostileLabelMapTests : IDisposable
{
    private const int Width = 9, Height = 7;
    private const string Map = "annotations/test/a.png";

    private static readonly string[] Classes = ["ground", "sky", "tree"];

    private readonly ImageTree _tree = new();
    private readonly int[] _labels = [.. Enumerable.Range(0, Width * Height).Select(i => i * i % 3)];

    public HostileLabelMapTests()
    {
        _tree.Images("images/test/a.jpg").Images(Map);
        new LabelMap(Height, Width, _labels).SaveLabels(_tree.Path(Map));
    }

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_map_cut_off_anywhere_is_named_unless_only_its_trailer_is_missing()
    {
        byte[] whole = File.ReadAllBytes(_tree.Path(Map));
        for (int length = 0; length < whole.Length; length++)
        {
            if (Read(whole[..length]) is { } map)
                Assert.Equal(_labels, map.Labels.ToArray());
        }

        Assert.Null(Read(whole[..(whole.Length / 2)]));
    }

    [Fact]
    public void Flipped_bits_do_no_harm()
    {
        byte[] whole = File.ReadAllBytes(_tree.Path(Map));
        var random = new RandomStream(23);
        for (int trial = 0; trial < Fuzzing.Trials(500); trial++)
        {
            byte[] content = [.. whole];
            for (int flips = 1 + random.NextInt(3); flips > 0; flips--)
                content[random.NextInt(content.Length)] ^= (byte)(1 << random.NextInt(8));
            if (Read(content) is { } map)
                Assert.All(map.Labels.ToArray(), label => Assert.True(label is >= 0 and < 3 or SegmentationFolder.DefaultIgnoredLabel));
        }
    }

    [Theory]
    [InlineData("palette.png", "it has a palette, whose numbers are lost in decoding")]
    [InlineData("colour.png", "it is a colour picture")]
    [InlineData("transparent.png", "it is a colour picture")]
    [InlineData("grey.jpg", "it is no PNG file")]
    [InlineData("lossy.webp", "it is no PNG file")]
    public void Pictures_are_not_taken_for_labels(string name, string problem) => Refused(GoldenFile.Bytes(name), problem);

    [Fact]
    public void An_empty_file_is_no_map() => Refused([], "it is no PNG file");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void Grey_levels_of_other_depths_are_not_taken_for_labels(byte bits)
    {
        byte[] map = File.ReadAllBytes(_tree.Path(Map));
        map[24] = bits;
        Refused(map, $"its grey levels have {bits} bits");
    }

    [Fact]
    public void A_header_that_claims_a_giant_map_takes_no_memory()
    {
        byte[] map = File.ReadAllBytes(_tree.Path(Map));
        BinaryPrimitives.WriteInt32BigEndian(map.AsSpan(16), 0x7FFFFFFF);
        BinaryPrimitives.WriteInt32BigEndian(map.AsSpan(20), 0x7FFFFFFF);
        Assert.Null(Read(map));
    }

    [Fact]
    public void Display_settings_leave_the_numbers_as_they_are()
    {
        // Right behind the header: a gamma of 1 would make a viewer brighten every level. The checksum is that of type and content.
        byte[] map = File.ReadAllBytes(_tree.Path(Map));
        byte[] gamma = [0, 0, 0, 4, (byte)'g', (byte)'A', (byte)'M', (byte)'A', 0, 1, 0x86, 0xA0, 0x31, 0xE8, 0x96, 0x5F];
        Assert.Equal(_labels, Read([.. map[..33], .. gamma, .. map[33..]])!.Labels.ToArray());
    }

    [Fact]
    public void A_map_that_disappeared_or_became_a_folder_is_named()
    {
        SegmentationImages images = Folder();
        File.Delete(_tree.Path(Map));
        Assert.Contains(
            "a.png: there is no such file",
            Assert.Throws<ImageDataException>(() => images.ReadLabelMap(0)).Message,
            StringComparison.Ordinal);
        Directory.CreateDirectory(_tree.Path(Map));
        Assert.Contains(
            "a.png: the file cannot be read",
            Assert.Throws<ImageDataException>(() => images.ReadLabelMap(0)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_beyond_the_last_is_not_ignored_where_its_number_is_the_ignored_label()
    {
        new LabelMap(1, 2, [1, 4]).SaveLabels(_tree.Path(Map));
        SegmentationImages images = SegmentationFolder.Read(
            _tree.Root, "test", Transforms.Vtab(8), Classes, zeroIsIgnored: true, ignoredLabel: 3);
        var error = Assert.Throws<ImageDataException>(() => images.ReadLabelMap(0));
        Assert.Contains("a pixel has the label 4, but there are 3 classes", error.Message, StringComparison.Ordinal);
    }

    private void Refused(byte[] content, string problem)
    {
        _tree.File(Map, content);
        var error = Assert.Throws<ImageDataException>(() => Folder().ReadLabelMap(0));
        Assert.Equal(_tree.Path(Map), error.FilePath);
        Assert.Contains($"a.png: {problem}. Export it as a PNG of 8-bit grey levels", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The map, or null where the file was refused by name.</summary>
    private LabelMap? Read(byte[] content)
    {
        _tree.File(Map, content);
        try
        {
            return Folder().ReadLabelMap(0);
        }
        catch (ImageDataException e)
        {
            Assert.Equal(_tree.Path(Map), e.FilePath);
            return null;
        }
    }

    private SegmentationImages Folder() => SegmentationFolder.Read(_tree.Root, "test", Transforms.Vtab(8), Classes);
}
