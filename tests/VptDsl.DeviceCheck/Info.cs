using ILGPU.Runtime.Cuda;
using VptDsl.Devices.Ilgpu;

namespace VptDsl.DeviceCheck;

/// <summary>What there is of GPUs, and what is known of the one that is checked.</summary>
internal static class Info
{
    public static void PrintFindings()
    {
        foreach (DeviceFinding finding in Device.Survey())
            Console.WriteLine(finding);
    }

    public static void Print(Device device)
    {
        Console.WriteLine($"checked: {device.Name}");
        if (device is not IlgpuDevice { Accelerator: var accelerator })
            return;
        Console.WriteLine(
            $"multiprocessors {accelerator.NumMultiprocessors}, shared memory of a group {accelerator.MaxSharedMemoryPerGroup}, "
            + $"threads of a group {accelerator.MaxNumThreadsPerGroup}, memory {accelerator.MemorySize / 1e9:F1} GB");
        if (accelerator is CudaAccelerator cuda)
        {
            Console.WriteLine(
                $"architecture {cuda.Architecture}, instruction set {cuda.InstructionSet}, driver {cuda.DriverVersion}, "
                + $"clock {cuda.ClockRate} MHz, free {cuda.GetFreeMemory() / 1e9:F1} GB");
        }
    }
}
