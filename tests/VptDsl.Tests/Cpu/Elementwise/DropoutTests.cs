using VptDsl.Devices.Cpu;
using VptDsl.Devices.Ilgpu;

namespace VptDsl.Tests.Cpu;

/// <summary>What is dropped by chance is the stated share, another in each image and step, and the same on any number of threads.</summary>
public unsafe class DropoutTests
{
    private const int Elements = 4096;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void The_stated_share_is_dropped_whatever_the_noise(double rate)
    {
        var random = new Random(4);
        int threshold = (int)(rate * (1 << 24));
        for (int i = 0; i < 50; i++)
        {
            float first = random.Next(1 << 24), second = random.Next(1 << 24);
            int dropped = Enumerable.Range(0, Elements).Count(e => !KernelMath.Stays(first, second, i, e, threshold));

            // Five standard deviations of a binomial distribution.
            Assert.InRange(
                dropped / (double)Elements,
                rate - (5 * Math.Sqrt(rate * (1 - rate) / Elements)),
                rate + (5 * Math.Sqrt(rate * (1 - rate) / Elements)));
        }
    }

    [Fact]
    public void Images_steps_and_places_draw_for_themselves()
    {
        const int half = 1 << 23;
        bool[] Draw(float first, float second, int image) =>
            [.. Enumerable.Range(0, Elements).Select(e => KernelMath.Stays(first, second, image, e, half))];

        bool[] drawn = Draw(1, 2, 0);
        foreach (bool[] other in new[] { Draw(1, 2, 1), Draw(2, 2, 0), Draw(1, 3, 0), Draw(2, 1, 0) })
            Assert.InRange(drawn.Zip(other).Count(pair => pair.First == pair.Second) / (double)Elements, 0.46, 0.54);
    }

    [Fact]
    public void Threads_drop_the_same_and_each_image_gets_its_own_of_what_all_share()
    {
        var random = new Random(5);
        using var x = new Operand(random, 3, 40, 333, 2, shared: true);
        using var y = new Operand(random, 3, 40, 333, 1, 7);
        using Operand noise = Operand.Vector(random, 2);
        (noise[0, 0], noise[0, 1]) = (12345, 678);

        Threads.AssertSameBits("dropout", w => Dropouts.Run(w, 120, 333, noise.Data, 1 << 22, 4f / 3, x.Matrix, y.Matrix), y);

        y.AssertClose("y", (row, c) =>
            KernelMath.Stays(12345, 678, (int)(row / 40), ((int)(row % 40) * 333) + c, 1 << 22) ? x[row % 40, c] * 4 / 3 : 0);
    }
}
