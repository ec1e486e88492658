using VptDsl.Data;
using VptDsl.Data.Pixels;
using VptDsl.Tests.Data.Golden;

namespace VptDsl.Tests.Data;

/// <summary>
/// What would come out black or under a false name: transparent colours, few bits in many, and other types under a usual name.
/// </summary>
public class UnusualImageTests
{
    private static readonly byte[] Palette = [200, 100, 50, 7, 8, 9];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_transparent_colour_of_a_GIF_is_the_palettes_and_so_is_what_the_frame_leaves_out(bool isLocal) =>
        Assert.Equal([200, 100, 50, 7, 8, 9, 7, 8, 9, 7, 8, 9], Rgb(PictureBytes.Gif(Palette, isLocal)));

    /// <summary>As Pillow 9.4 reads it: the palette's first colour, though the file says another for its background.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_GIFs_frame_leaves_out_is_the_palettes_first_where_no_colour_is_transparent(bool isLocal) => Assert.Equal(
        [200, 100, 50, 7, 8, 9, 200, 100, 50, 200, 100, 50], Rgb(PictureBytes.Gif(Palette, isLocal, isTransparent: false)));

    [Fact]
    public void A_transparent_colour_of_a_PNG_is_the_palettes() =>
        Assert.Equal(Palette, Rgb(PictureBytes.Png(2, 8, 3, [0, 1], ("PLTE", Palette), ("tRNS", [0, 128]))));

    [Theory]
    [InlineData(0, new byte[] { 0x0F, 0xFF, 0x01, 0x00, 0x08, 0x00 })]
    [InlineData(0, new byte[] { 0x00, 0x01, 0x00, 0x00, 0x00, 0x00 })]
    [InlineData(0, new byte[] { 0x3F, 0xFF, 0x01, 0x00, 0x08, 0x00 })]
    [InlineData(4, new byte[] { 0, 0, 0xFF, 0xFF, 0, 1, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF })]
    [InlineData(2, new byte[] { 3, 0xFF, 0, 0, 2, 2, 0, 0, 1, 1, 2, 2, 0, 0, 0, 0, 2, 2 })]
    public void Few_bits_in_sixteen_are_refused_rather_than_black(byte type, byte[] row)
    {
        Assert.Null(ImageDecoder.Decode(PictureBytes.Png(3, 16, type, row), out string problem));
        Assert.Contains("lowest quarter of their range", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Black_is_black_in_sixteen_bits_too()
    {
        Assert.Equal(new byte[6], Rgb(PictureBytes.Png(2, 16, 0, new byte[4])));
        Assert.Equal(new byte[3], Rgb(PictureBytes.Png(1, 16, 2, new byte[6])));
        Assert.Equal(new byte[3], Rgb(PictureBytes.Png(1, 16, 4, [0, 0, 0xFF, 0xFF])));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(12, false)]
    public void Dark_values_are_read_where_the_file_says_that_all_bits_count(byte significant, bool isRead)
    {
        byte[] dark = PictureBytes.Png(2, 16, 0, [0x0F, 0xFF, 0x01, 0x00], ("gAMA", [0, 1, 0x86, 0xA0]), ("sBIT", [significant]));
        using PixelImage? image = ImageDecoder.Decode(dark, out _);
        Assert.Equal(isRead, image is not null);
    }

    [Fact]
    public void Sixteen_bits_that_use_their_range_are_read() =>
        Assert.Equal([0, 0, 0, 0x40, 0x40, 0x40], Rgb(PictureBytes.Png(2, 16, 0, [0, 0, 0x40, 0x40])));

    [Theory]
    [InlineData("HEIC", "\0\0\0\u0018ftypheic\0\0\0\0mif1heic")]
    [InlineData("HEIC", "\0\0\0\u0018ftypmif1\0\0\0\0mif1heic")]
    [InlineData("AVIF", "\0\0\0\u0018ftypavif\0\0\0\0mif1")]
    [InlineData("AVIF", "\0\0\0\u0018ftypmif1\0\0\0\0avif")]
    [InlineData("MP4", "\0\0\0\u0018ftypisom\0\0\0\0")]
    [InlineData("MP4", "\0\0\0\u0018ftyp")]
    [InlineData("TIFF", "II*\0\u0008\0\0\0")]
    [InlineData("TIFF", "MM\0*\0\0\0\u0008")]
    [InlineData("JPEG 2000", "\0\0\0\u000CjP  \r\n")]
    [InlineData("JPEG XL", "\0\0\0\u000CJXL \r\n")]
    [InlineData("PDF", "%PDF-1.7")]
    [InlineData("PNM", "P6\n3 3\n255\n")]
    public void Another_type_is_told_by_its_bytes(string type, string start)
    {
        string path = Path.GetTempFileName() + ".jpg";
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(start));
        try
        {
            string message = Assert.Throws<ImageDataException>(() => Transforms.Vtab(8).ReadImage(path)).Message;
            Assert.Contains($"{type} ", message, StringComparison.Ordinal);
            Assert.Contains("whatever its name says", message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_its_bytes_and_a_stream_are_read_alike()
    {
        ImagePipeline pipeline = Transforms.Vtab(8);
        byte[] encoded = GoldenFile.Bytes("subsampled.jpg");
        float[] expected = pipeline.ReadImage(GoldenFile.Path("subsampled.jpg"));
        using var stream = new MemoryStream(encoded);

        Assert.Equal(expected, pipeline.ReadImage(encoded));
        Assert.Equal(expected, pipeline.ReadImage(stream));
        Assert.Equal(stream.Length, stream.Position);
        Assert.StartsWith("(image of a stream): the file is empty", Message(() => pipeline.ReadImage(stream)), StringComparison.Ordinal);
        Assert.StartsWith(
            "(image in memory): the image is cut off", Message(() => pipeline.ReadImage(encoded.AsSpan(..^200))), StringComparison.Ordinal);
        using FileStream file = File.OpenRead(GoldenFile.Path("subsampled.jpg"));
        file.Position = 5;
        Assert.StartsWith(file.Name, Message(() => pipeline.ReadImage(file)), StringComparison.Ordinal);
    }

    private static string Message(Action read) => Assert.Throws<ImageDataException>(read).Message;

    private static byte[] Rgb(byte[] encoded)
    {
        using PixelImage? image = ImageDecoder.Decode(encoded, out string problem);
        Assert.Equal("", problem);
        return GoldenFile.Rgb(image!);
    }
}
