using VptDsl.Data;

namespace VptDsl.Tests.Data;

/// <summary>The random numbers are those of the published algorithm, so that a seed means the same everywhere and always.</summary>
public class RandomStreamTests
{
    [Fact]
    public void It_is_xoshiro256_starstar_seeded_by_splitmix64()
    {
        var random = new RandomStream(0);

        ulong[] bits = [random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits()];

        Assert.Equal([11091344671253066420, 13793997310169335082, 1900383378846508768, 7684712102626143532], bits);
    }

    [Fact]
    public void A_stream_that_nobody_opened_is_that_of_seed_0()
    {
        RandomStream random = default;

        Assert.Equal(new RandomStream(0).NextBits(), random.NextBits());
        Assert.InRange(default(RandomStream).NextInt(6), 0, 5);
    }

    [Fact]
    public void Seed_and_keys_and_their_order_make_the_stream()
    {
        ulong[] first =
        [
            new RandomStream(1).NextBits(), new RandomStream(2).NextBits(), new RandomStream(1, 2).NextBits(),
            new RandomStream(1, 3).NextBits(), new RandomStream(1, 2, 3).NextBits(), new RandomStream(1, 3, 2).NextBits(),
            new RandomStream(1, 0).NextBits(),
        ];

        Assert.Equal(first.Length, first.Distinct().Count());
        Assert.Equal(new RandomStream(1, 2, 3).NextBits(), new RandomStream(1, 2, 3).NextBits());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(1000)]
    public void Whole_numbers_fall_evenly_on_the_range(int bound)
    {
        var random = new RandomStream(5);
        int[] counts = new int[bound];
        for (int i = 0; i < 100 * bound; i++)
            counts[random.NextInt(bound)]++;

        // Five standard deviations of a Poisson count of 100.
        Assert.All(counts, count => Assert.InRange(count, 50, 150));
    }

    [Fact]
    public void Fractions_lie_in_the_unit_interval_around_a_half()
    {
        var random = new RandomStream(5);
        double sum = 0;
        for (int i = 0; i < 10_000; i++)
        {
            float value = random.NextFloat();
            Assert.InRange(value, 0, MathF.BitDecrement(1));
            sum += value + random.NextDouble();
        }

        Assert.Equal(1, sum / 10_000, 0.02);
    }

    [Fact]
    public void Normal_numbers_have_the_normal_moments()
    {
        var random = new RandomStream(5);
        double[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (double)random.NextNormal())];

        Assert.Equal(0, values.Average(), 0.03);
        Assert.Equal(1, values.Average(v => v * v), 0.05);
        Assert.Equal(3, values.Average(v => v * v * v * v), 0.25);
    }

    [Fact]
    public void Shuffling_keeps_every_item()
    {
        int[] items = [.. Enumerable.Range(0, 50)];
        new RandomStream(3).Shuffle<int>(items);

        Assert.NotEqual(Enumerable.Range(0, 50), items);
        Assert.Equal(Enumerable.Range(0, 50), items.Order());
    }

    [Fact]
    public void An_empty_range_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(0).NextInt(0));
}
