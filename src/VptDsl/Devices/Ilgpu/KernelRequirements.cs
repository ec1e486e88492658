using System.ComponentModel;
using ILGPU.Runtime;

namespace VptDsl.Devices.Ilgpu;

/// <summary>What a program's kernels need of a device, as the generator counted it.</summary>
/// <param name="groupThreads">Threads of the largest group.</param>
/// <param name="sharedBytes">Shared memory of the largest group.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct KernelRequirements(int groupThreads, int sharedBytes)
{
    private const string Remedy = "Use Device.Cpu(), or build the model with smaller tiles: the build property VptDslKernelTiles.";

    /// <exception cref="NotSupportedException">The device has less; the message says of what, and what to do.</exception>
    internal void Check(Accelerator accelerator, string device) =>
        Check(accelerator.MaxNumThreadsPerGroup, accelerator.MaxSharedMemoryPerGroup, device);

    /// <exception cref="NotSupportedException">One of the device's limits is too low.</exception>
    internal void Check(int mostThreads, int mostSharedBytes, string device)
    {
        if (mostThreads < groupThreads)
        {
            throw new NotSupportedException(
                $"{device} runs {mostThreads} threads in a group, and the kernels need {groupThreads}. {Remedy}");
        }

        if (mostSharedBytes < sharedBytes)
        {
            throw new NotSupportedException(
                $"{device} has {mostSharedBytes} bytes of shared memory for a group, and the kernels need {sharedBytes}. {Remedy}");
        }
    }
}
