using System.Security.Cryptography;
using System.Text.Json;
using VptDsl.Data;
using VptDsl.Data.Pixels;

namespace VptDsl.Tests.Data.Golden;

/// <summary>What chance decides, torchvision carries out in the same way: every byte of a change, every magnitude, every size.</summary>
public class AugmentationGoldenTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(GoldenFile.Bytes("augmentations.json")).RootElement;

    public static TheoryData<string, float, string, string> Changes()
    {
        var rows = new TheoryData<string, float, string, string>();
        foreach (JsonElement row in Golden.GetProperty("changes").EnumerateArray())
            rows.Add(Text(row, "kind"), row.GetProperty("value").GetSingle(), Text(row, "image"), Text(row, "md5"));
        return rows;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Every_byte_of_a_change_is_torchvisions(string kind, float value, string file, string md5)
    {
        using PixelImage image = ImageFileReader.Read(GoldenFile.Path(file));
        if (kind == "Hue")
            HueShift.Apply(image, value);
        PixelImage changed = kind == "Hue" ? image : Augmentations.Apply(image, Enum.Parse<AugmentationKind>(kind), value);

        Assert.Equal(md5, Convert.ToHexStringLower(MD5.HashData(GoldenFile.Rgb(changed))));
    }

    /// <summary>PyTorch's <c>linspace</c> itself differs in the last bit from one vector width to another.</summary>
    [Fact]
    public void Magnitudes_are_torchvisions_but_for_the_last_bit()
    {
        Assert.All(Golden.GetProperty("magnitudes").EnumerateArray(), row =>
        {
            AugmentationSpace space = Text(row, "space") == "rand" ? AugmentationSpace.Rand : AugmentationSpace.TrivialWide;
            var kind = Enum.Parse<AugmentationKind>(Text(row, "kind"));
            int bins = Number(row, "bins");
            int bin = 0;
            Assert.All(row.GetProperty("values").EnumerateArray(), expected =>
            {
                float magnitude = space.Magnitude(kind, bin++, bins, Number(row, "width"), Number(row, "height"));

                Assert.Equal((int)expected.GetSingle(), (int)magnitude);
                Assert.InRange(magnitude, MathF.BitDecrement(expected.GetSingle()), MathF.BitIncrement(expected.GetSingle()));
            });
            Assert.Equal(bins, bin);
            Assert.Equal(row.GetProperty("signed").GetBoolean(), AugmentationSpace.IsSigned(kind));
        });
    }

    [Fact]
    public void Sizes_of_parts_are_torchvisions()
    {
        var range = new CropRange(0.08f, 1, 3 / 4f, 4 / 3f);
        var erasing = new RandomErasing();
        Assert.All(Golden.GetProperty("crops").EnumerateArray(), row =>
        {
            (int width, int height) = (Number(row, "width"), Number(row, "height"));
            (double share, double proportion) = (row.GetProperty("share").GetDouble(), row.GetProperty("proportion").GetDouble());

            Assert.Equal(Size(row.GetProperty("crop")), range.Cut(width, height, share, proportion));
            Assert.Equal(Size(row.GetProperty("erased")), erasing.Cut(new ImageShape(3, height, width), share, proportion));
        });
    }

    [Fact]
    public void Where_no_draw_fits_the_largest_part_is_torchvisions()
    {
        var range = new CropRange(0.08f, 1, 3 / 4f, 4 / 3f);
        Assert.All(Golden.GetProperty("largest").EnumerateArray(), row =>
        {
            int[] part = [.. row.GetProperty("part").EnumerateArray().Select(value => value.GetInt32())];

            Assert.Equal((part[0], part[1], part[2], part[3]), range.Largest(Number(row, "width"), Number(row, "height")));
        });
    }

    private static (int Width, int Height)? Size(JsonElement size) =>
        size.ValueKind == JsonValueKind.Null ? null : (size[0].GetInt32(), size[1].GetInt32());

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static int Number(JsonElement row, string name) => row.GetProperty(name).GetInt32();
}
