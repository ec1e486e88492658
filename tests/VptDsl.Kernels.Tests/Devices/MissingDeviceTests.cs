using VptDsl.Devices.Ilgpu;
using VptDsl.Kernels.Tests.Harness;

namespace VptDsl.Kernels.Tests.Devices;

/// <summary>Whoever asks for a GPU that cannot be used reads what was found, and what it lacks.</summary>
[Collection(DeviceCollection.Name)]
public sealed class MissingDeviceTests(TestDevices devices)
{
    [Fact]
    public void Nothing_found_asks_for_the_driver() => Assert.Equal(
        "No OpenCL GPU was found. Install its OpenCL driver, or use Device.Auto() or Device.Cpu().",
        MissingDevice.Message("OpenCL GPU", "its OpenCL driver", []));

    [Theory]
    [InlineData(true, false, "Old GPU, which lacks the generic address spaces that ILGPU needs")]
    [InlineData(false, true, "Old GPU, which is no GPU")]
    [InlineData(true, true, "Old GPU, which could not be opened")]
    public void A_device_is_named_with_what_it_lacks(bool isGpu, bool hasGenericAddresses, string expected)
    {
        string description = MissingDevice.Describe("Old GPU ", isGpu, hasGenericAddresses);

        Assert.Equal(expected, description);
        Assert.Contains(
            $"Found: {expected}.", MissingDevice.Message("OpenCL GPU", "its OpenCL driver", [description]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_there_and_cannot_be_opened_may_be_full() => Assert.Equal(
        "No CUDA device can be used. Found: A100, which could not be opened. The cause: CudaException: out of memory. "
            + "End what else uses the device, choose another by its index, update or install NVIDIA's driver, "
            + "or use Device.Auto() or Device.Cpu().",
        MissingDevice.Message("CUDA device", "NVIDIA's driver", ["A100, which could not be opened"], "CudaException: out of memory"));

    [Fact]
    public void Barriers_that_do_not_order_shared_memory_name_the_version_and_a_remedy()
    {
        string message = MissingDevice.UnknownBarriers(new(9, 8, 7));

        Assert.Contains("ILGPU 9.8.7", message, StringComparison.Ordinal);
        Assert.Contains("Reference ILGPU 1.5.3", message, StringComparison.Ordinal);
    }

    /// <remarks>CUDA's devices are chosen by the same lines.</remarks>
    [SkippableFact]
    public void A_number_that_no_device_has_is_answered_with_those_that_there_are()
    {
        devices.Open(TestDevice.OpenCl);
        using IlgpuDevice first = IlgpuDevice.SearchOpenClOnCpu(index: 0).Required;
        string message = Assert.Throws<DeviceUnavailableException>(() => IlgpuDevice.SearchOpenClOnCpu(index: 7).Required).Message;

        Assert.StartsWith("There is no OpenCL on the CPU device 7. Found: 0, ", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Device.Cuda(index: -1));
    }

    [SkippableFact]
    public void OpenCl_on_the_cpu_is_named_where_a_gpu_was_asked_for()
    {
        devices.Open(TestDevice.OpenCl);
        using IlgpuDevice? gpu = IlgpuDevice.TryOpenCl();
        Skip.If(gpu is not null, "This machine has an OpenCL GPU.");

        Assert.Contains(", which is no GPU", MissingDevice.OpenCl(null).Finding.Reason, StringComparison.Ordinal);
    }
}
