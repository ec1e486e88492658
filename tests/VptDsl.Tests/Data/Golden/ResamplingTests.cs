using VptDsl.Data;
using VptDsl.Data.Pixels;

namespace VptDsl.Tests.Data.Golden;

/// <summary>Resizing gives the bytes of Pillow, and the legacy resize what its definition says.</summary>
public class ResamplingTests
{
    public static TheoryData<string, string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int, int>();
            foreach (string method in new[] { "bilinear", "bicubic" })
            {
                foreach ((int width, int height) in new[] { (24, 24), (41, 17), (13, 31), (64, 50), (7, 5), (1, 1), (90, 4) })
                    cases.Add("colour.png", method, width, height);
                cases.Add("wide.jpg", method, 15, 11);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_byte_is_Pillows(string name, string method, int width, int height)
    {
        using PixelImage image = ImageFileReader.Read(GoldenFile.Path(name));
        Interpolation interpolation = method == "bilinear" ? Interpolation.Bilinear : Interpolation.Bicubic;

        using PixelImage resized = Resampler.Resize(image, width, height, interpolation);

        string golden = $"{Path.GetFileNameWithoutExtension(name)}.{method}.{width}x{height}.rgb";
        Assert.Equal(GoldenFile.Bytes(golden), GoldenFile.Rgb(resized));
    }

    [Fact]
    public void The_legacy_resize_takes_four_neighbours_from_the_upper_left_and_rounds_nothing()
    {
        using var image = new PixelImage(3, 3);
        byte[] values = [0, 30, 60, 90, 120, 150, 180, 210, 255];
        for (int i = 0; i < image.Bytes.Length; i++)
            image.Bytes[i] = values[i / PixelImage.PixelBytes];
        float[] output = new float[4];

        LegacyBilinear.Resize(image, new ImageShape(1, 2, 2), new Normalization(0, 1 / 255f), output);

        // New pixel 1 lies at old position 1.5: halfway between the second and the third.
        Assert.Equal([0, 45, 135, (120 + 150 + 210 + 255) / 4f], output.Select(value => MathF.Round(value, 3)));
    }
}
