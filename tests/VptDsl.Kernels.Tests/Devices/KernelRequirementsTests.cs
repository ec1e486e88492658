using VptDsl.Devices.Ilgpu;

namespace VptDsl.Kernels.Tests.Devices;

/// <summary>A device that lacks something is refused before anything runs on it, in words that help.</summary>
public sealed class KernelRequirementsTests
{
    private static readonly KernelRequirements Requirements = new(groupThreads: 256, sharedBytes: 40_000);

    [Fact]
    public void A_device_that_has_just_enough_is_taken() => Requirements.Check(256, 40_000, "Small GPU");

    [Theory]
    [InlineData(
        128, 49_152, "Small GPU runs 128 threads in a group, and the kernels need 256. Use Device.Cpu(), "
            + "or build the model with smaller tiles: the build property VptDslKernelTiles.")]
    [InlineData(
        256, 32_768, "Small GPU has 32768 bytes of shared memory for a group, and the kernels need 40000. Use Device.Cpu(), "
            + "or build the model with smaller tiles: the build property VptDslKernelTiles.")]
    public void A_device_that_has_less_is_named_with_its_limit_and_a_remedy(int threads, int sharedBytes, string message) =>
        Assert.Equal(message, Assert.Throws<NotSupportedException>(() => Requirements.Check(threads, sharedBytes, "Small GPU")).Message);
}
