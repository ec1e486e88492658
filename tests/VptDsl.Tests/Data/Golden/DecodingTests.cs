using VptDsl.Data.Pixels;

namespace VptDsl.Tests.Data.Golden;

/// <summary>Images decode to the bytes of Pillow, which backbones were trained on: no colour management, no turning, no blending.</summary>
public class DecodingTests
{
    [Theory]
    [InlineData("colour.png")]
    [InlineData("grey.png")]
    [InlineData("gamma.png")]
    [InlineData("palette.png")]
    [InlineData("transparent.png")]
    [InlineData("transparent.webp")]
    [InlineData("lossy.webp")]
    [InlineData("subsampled.jpg")]
    [InlineData("full-chroma.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("grey.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("turned.jpg")]
    public void Every_byte_is_Pillows(string name)
    {
        using PixelImage image = ImageFileReader.Read(GoldenFile.Path(name));

        Assert.Equal((41, 31), (image.Width, image.Height));
        Assert.Equal(GoldenFile.Bytes(name + ".rgb"), GoldenFile.Rgb(image));
    }

    [Theory]
    [InlineData("the file is empty", new byte[0])]
    [InlineData("no JPEG, PNG or WebP image", new byte[] { 1, 2, 3, 4 })]
    [InlineData("web page", new byte[] { (byte)'\n', (byte)'<', (byte)'h', (byte)'t', (byte)'m', (byte)'l' })]
    public void What_is_no_image_is_said(string expected, byte[] content)
    {
        Assert.Null(ImageDecoder.Decode(content, out string problem));
        Assert.Contains(expected, problem);
    }

    [Fact]
    public void A_pointer_of_Git_LFS_is_recognised()
    {
        Assert.Null(ImageDecoder.Decode("version https://git-lfs.github.com/spec/v1\noid sha256:0"u8, out string problem));
        Assert.Contains("Git LFS", problem);
    }

    [Fact]
    public void A_header_that_claims_a_giant_image_takes_no_memory()
    {
        byte[] png = GoldenFile.Bytes("colour.png");
        // Width and height of the header, and its checksum, so that nothing but the size is wrong.
        new byte[] { 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF }.CopyTo(png, 16);
        BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(PictureBytes.Crc32(png.AsSpan(12, 17))))
            .CopyTo(png, 29);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(ImageDecoder.Decode(png, out string problem));
        Assert.Contains("65535×65535", problem);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
