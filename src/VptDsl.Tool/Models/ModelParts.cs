namespace VptDsl.Tool.Models;

/// <summary>What is emitted for a model beside what the CPU runs; each takes its time to compile.</summary>
[Flags]
internal enum ModelParts
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>The kernels that GPUs run.</summary>
    GpuKernels = 1,

    /// <summary>The form in ONNX.</summary>
    Onnx = 2,
}
