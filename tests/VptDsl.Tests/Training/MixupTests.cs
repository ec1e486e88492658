using VptDsl.Data;
using VptDsl.Training;
using VptDsl.Training.Mixing;

namespace VptDsl.Tests.Training;

/// <summary>
/// Images and targets are mixed as timm's <c>Mixup</c> defines it, by chance that depends on nothing but seed, epoch and step.
/// </summary>
public sealed class MixupTests
{
    private static readonly ImageShape Shape = new(2, 6, 8);

    [Fact]
    public void Mixup_adds_the_mirrored_image_with_its_share()
    {
        float[] images = [.. Enumerable.Range(0, 3 * Shape.Floats).Select(i => (float)i)];
        float[] before = [.. images];
        new BatchMixer(new Mixup(), seed: 0, Shape).Mix(images, new DrawnMix(0.25, Box: null));

        for (int i = 0; i < images.Length; i++)
        {
            int image = i / Shape.Floats, mirrored = i + ((2 - (2 * image)) * Shape.Floats);
            Assert.Equal((0.75f * before[i]) + (0.25f * before[mirrored]), images[i], 1e-4f);
        }
    }

    [Fact]
    public void Cutmix_puts_the_same_rectangle_of_the_mirrored_image_in_and_nothing_else()
    {
        float[] images = [.. Enumerable.Range(0, 2 * Shape.Floats).Select(i => (float)i)];
        new BatchMixer(new Mixup(), seed: 0, Shape).Mix(images, new DrawnMix(0.5, new CutmixBox(1, 4, 2, 8)));

        for (int i = 0; i < images.Length; i++)
        {
            int place = i % Shape.PlaneFloats, y = place / 8, x = place % 8;
            bool within = y is >= 1 and < 4 && x >= 2;
            Assert.Equal(within ? (i + Shape.Floats) % images.Length : i, images[i]);
        }
    }

    /// <summary>By hand from timm's rand_bbox: half of the side's share on each side of the middle, in whole pixels.</summary>
    [Theory]
    [InlineData(224, 224, 0.25, 112, 112, 56, 168, 56, 168)]
    [InlineData(224, 224, 0.25, 10, 220, 0, 66, 164, 224)]
    [InlineData(7, 9, 0.5, 3, 4, 1, 5, 1, 7)]
    [InlineData(7, 9, 0.01, 3, 4, 3, 3, 4, 4)]
    [InlineData(7, 9, 1.0, 0, 0, 0, 3, 0, 4)]
    public void A_rectangle_is_timms(int height, int width, double share, int y, int x, int top, int bottom, int left, int right) =>
        Assert.Equal(new CutmixBox(top, bottom, left, right), CutmixBox.Around(height, width, share, y, x));

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.8)]
    [InlineData(1)]
    [InlineData(7.5)]
    public void Shares_come_from_the_beta_distribution(double alpha)
    {
        const int draws = 40_000;
        var random = new RandomStream(7);
        double[] values = [.. Enumerable.Range(0, draws).Select(_ => BetaDistribution.Draw(alpha, ref random))];

        Assert.All(values, value => Assert.InRange(value, 0, 1));
        Assert.Equal(0.5, values.Average(), 0.01);
        Assert.Equal(1 / (4 * ((2 * alpha) + 1)), values.Average(value => (value - 0.5) * (value - 0.5)), 0.005);
    }

    [Fact]
    public void The_smallest_parameters_draw_numbers_still()
    {
        var random = new RandomStream(7);
        Assert.All(Enumerable.Range(0, 500).Select(_ => BetaDistribution.Draw(1e-9, ref random)), value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void A_step_draws_by_seed_epoch_and_step_alone()
    {
        var mixup = new Mixup { Alpha = 0.8, CutmixAlpha = 1 };
        DrawnMix[] Draws(long seed, int epoch) =>
            [.. Enumerable.Range(0, 200).Select(step => new BatchMixer(mixup, seed, Shape).Draw(epoch, step))];

        Assert.Equal(Draws(1, 2), Draws(1, 2));
        Assert.NotEqual(Draws(1, 2), Draws(1, 3));
        Assert.NotEqual(Draws(1, 2), Draws(2, 2));
        Assert.InRange(Draws(1, 2).Count(draw => draw.Box is not null), 70, 130);
        Assert.All(Draws(1, 2), draw => Assert.Equal(draw.Box is { } box ? box.Area / 48.0 : draw.OtherShare, draw.OtherShare));
    }

    [Fact]
    public void Probabilities_are_kept()
    {
        int Count(Mixup mixup, Func<DrawnMix, bool> which) =>
            Enumerable.Range(0, 1000).Count(step => which(new BatchMixer(mixup, 3, Shape).Draw(0, step)));

        Assert.InRange(Count(new Mixup { Probability = 0.3 }, draw => draw.OtherShare > 0), 250, 350);
        Assert.Equal(0, Count(new Mixup(), draw => draw.Box is not null));
        Assert.Equal(1000, Count(new Mixup { Alpha = 0, CutmixAlpha = 1 }, draw => draw.Box is not null));
        Assert.InRange(Count(new Mixup { CutmixAlpha = 1, CutmixProbability = 0.2 }, draw => draw.Box is not null), 150, 250);
    }

    [Theory]
    [InlineData(12, 4)]
    [InlineData(11, 4)]
    [InlineData(13, 2)]
    [InlineData(3, 4)]
    [InlineData(16, 6)]
    public void Pieces_have_the_pairs_of_their_batch(int count, int piece)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        MirroredPieces.Arrange(order, piece);

        Assert.Equal(Enumerable.Range(0, count), order.Order());
        foreach (int[] part in order.Chunk(piece))
            Assert.All(Enumerable.Range(0, part.Length), i => Assert.Equal(count - 1 - part[i], part[^(i + 1)]));
    }
}
