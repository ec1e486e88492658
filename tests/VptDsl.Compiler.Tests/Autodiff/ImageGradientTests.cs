namespace VptDsl.Compiler.Tests.Autodiff;

/// <summary>Gradient rules of what works on images and maps of pixels are slopes of the loss.</summary>
public sealed class ImageGradientTests
{
    [Theory]
    [InlineData(2, 3, 1, true, true, true)]
    [InlineData(1, 3, 2, false, true, true)]
    [InlineData(1, 2, 1, false, false, true)]
    [InlineData(1, 2, 1, false, true, false)]
    [InlineData(2, 2, 1, true, false, false)]
    public void Borders_around_images(int channels, int size, int pixels, bool images, bool topBottom, bool leftRight)
    {
        var probe = new OperationProbe(31);
        probe.Check(probe.Graph.PadImages(
            probe.Batched(channels * size, size, images),
            probe.Shared(channels * 2 * pixels, size + (2 * pixels), topBottom),
            probe.Shared(channels * size, 2 * pixels, leftRight),
            channels,
            size,
            pixels,
            "padded"));
    }
}
