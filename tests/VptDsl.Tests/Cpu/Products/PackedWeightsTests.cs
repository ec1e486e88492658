using VptDsl.Devices.Cpu;
using VptDsl.Programs;

namespace VptDsl.Tests.Cpu;

/// <summary>Protects memory: a second copy of the weights is there for steps of one or two images, and for no others.</summary>
public sealed class PackedWeightsTests : IDisposable
{
    private readonly PackedWeights _packed = new();

    public void Dispose() => _packed.Dispose();

    [Fact]
    public void What_small_steps_keep_is_gone_after_many_larger_ones()
    {
        Run(images: 2);
        Assert.Equal(1, _packed.Count);

        for (int step = 0; step < 15; step++)
            Run(images: 32);
        Assert.Equal(1, _packed.Count);
        Run(images: 32);
        Assert.Equal(0, _packed.Count);
    }

    [Fact]
    public void A_server_of_single_images_and_batches_keeps_it()
    {
        for (int request = 0; request < 100; request++)
        {
            Run(images: request % 15 == 0 ? 1 : 8);
            Assert.Equal(1, _packed.Count);
        }
    }

    private void Run(int images)
    {
        _packed.Begin(images);
        _packed.Of(new MatrixOperand(new(Region.Weights, 0), false, 16, 16, 16, 0), ProductLayout.NT, images, m: images * 16, n: 16, k: 16);
    }
}
