using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>Images in memory come out normalised, and what does not fit together is refused.</summary>
public class ImageSetTests
{
    private static readonly ImageShape TwoChannels = new(2, 1, 2);
    private static readonly string[] Classes = ["no", "yes"];

    [Fact]
    public void Floats_come_out_as_they_went_in()
    {
        ImageSet set = ImageSet.FromFloats(TwoChannels, [1, 2, 3, 4, 5, 6, 7, 8], [1, 0], Classes);
        float[] image = new float[4];

        set.CopyImage(1, image);

        Assert.Equal([5, 6, 7, 8], image);
        Assert.Equal(2, set.Count);
        Assert.Equal([1, 0], [set.Label(0), set.Label(1)]);
        Assert.Equal(Classes, set.ClassNames);
    }

    [Fact]
    public void Bytes_are_normalised_by_their_channels_numbers()
    {
        var normalization = new Normalization([0.5f, 0.25f], [0.5f, 2f]);
        ImageSet set = ImageSet.FromBytes(TwoChannels, [9, 9, 9, 9, 0, 255, 51, 102], [1, 0], Classes, normalization);
        float[] image = new float[4];

        set.CopyImage(1, image);

        Assert.Equal([-1f, 1f, (0.2f - 0.25f) / 2f, (0.4f - 0.25f) / 2f], image);
    }

    [Fact]
    public void Grey_bytes_fill_every_channel_each_normalised_as_its_own()
    {
        ImageSet set = ImageSet.FromGrayBytes(1, 2, [0, 255, 51, 255], [0, 1], Classes, new Normalization([0, 0.5f, 1], [1, 0.5f, 1]));
        float[] image = new float[6];

        set.CopyImage(1, image);

        Assert.Equal(new ImageShape(3, 1, 2), set.Shape);
        Assert.Equal([0.2f, 1, (0.2f - 0.5f) / 0.5f, 1, 0.2f - 1, 0], image);
    }

    [Fact]
    public void Numbers_that_do_not_fit_together_are_refused()
    {
        Assert.Contains(
            "take 8 pixel values, but there are 7", Message(() => ImageSet.FromFloats(TwoChannels, new float[7], [1, 0], Classes)));
        Assert.Contains("Image 1 has label 2", Message(() => ImageSet.FromFloats(TwoChannels, new float[8], [1, 2], Classes)));
        Assert.Contains("Image 0 has label -1", Message(() => ImageSet.FromFloats(TwoChannels, new float[8], [-1, 0], Classes)));
        Assert.Contains("0×1×2", Message(() => ImageSet.FromFloats(new ImageShape(0, 1, 2), [], [], Classes)));
        Assert.Contains(
            "for 1 channel(s), but the images have 2",
            Message(() => ImageSet.FromBytes(TwoChannels, new byte[8], [1, 0], Classes, new Normalization(0, 1))));
        Assert.Contains("deviation of channel 0 is 0", Message(() => _ = new Normalization(0, 0)));
        Assert.Contains("has 1 and 2", Message(() => _ = new Normalization([1], [1, 1])));
    }

    [Fact]
    public void Reads_outside_the_set_or_into_wrong_room_are_refused()
    {
        ImageSet set = ImageSet.FromFloats(TwoChannels, new float[8], [1, 0], Classes);

        Assert.Throws<ArgumentOutOfRangeException>(() => set.CopyImage(2, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.CopyImage(-1, new float[4]));
        Assert.Contains("takes 4 floats, but there is room for 5", Message(() => set.CopyImage(0, new float[5])));
    }

    private static string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
}
