using System.Buffers.Binary;
using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>Protects servers from images that claim more memory than they may take.</summary>
public sealed class ImageHeaderTests
{
    [Fact]
    public void The_size_is_told_without_the_pixels()
    {
        byte[] png = PictureBytes.Png(width: 3, depth: 8, type: 0, row: [1, 2, 3]);
        Assert.Equal((3, 1), ImageHeader.ReadSize(png));
        Assert.Equal((3, 1), ImageHeader.ReadSize(png[..^20]));
    }

    [Fact]
    public void A_size_that_nobody_decodes_is_told_too()
    {
        // A bitmap of 24 bits a pixel, of which only the header is there.
        byte[] bmp = new byte[54];
        "BM"u8.CopyTo(bmp);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 20_000);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), 10_000);
        bmp[26] = 1;
        bmp[28] = 24;
        Assert.Equal((20_000, 10_000), ImageHeader.ReadSize(bmp));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("anything else", "no JPEG")]
    public void What_is_no_image_is_refused_and_named(string content, string said)
    {
        var error = Assert.Throws<ImageDataException>(() => ImageHeader.ReadSize(System.Text.Encoding.ASCII.GetBytes(content)));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }
}
