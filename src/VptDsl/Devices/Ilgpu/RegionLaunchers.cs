using ILGPU;
using ILGPU.Runtime;

namespace VptDsl.Devices.Ilgpu;

/// <summary>Launches <see cref="RegionKernels"/>, compiled when they are first needed.</summary>
internal sealed class RegionLaunchers(IlgpuDevice device) : IDisposable
{
    private readonly float[] _sums = new float[RegionKernels.PartialSums];

    private CombineLauncher? _combine;
    private SumLauncher? _sum;
    private MemoryBuffer1D<float, Stride1D.Dense>? _partial;

    private delegate void CombineLauncher(
        AcceleratorStream stream, Index1D threads, ArrayView<float> target, ArrayView<float> source, float keep, float add);

    private delegate void SumLauncher(AcceleratorStream stream, Index1D threads, ArrayView<float> source, ArrayView<float> sums);

    public void Combine(AcceleratorStream stream, ArrayView<float> target, float keep, ArrayView<float> source, float add)
    {
        Action<Index1D, ArrayView<float>, ArrayView<float>, float, float> kernel = RegionKernels.Combine;
        _combine ??= device.Load<CombineLauncher>(kernel.Method);
        _combine(stream, target.IntLength, target, source, keep, add);
    }

    public double SumOfSquares(AcceleratorStream stream, ArrayView<float> source)
    {
        Action<Index1D, ArrayView<float>, ArrayView<float>> kernel = RegionKernels.SumOfSquares;
        _sum ??= device.Load<SumLauncher>(kernel.Method);
        _partial ??= device.Accelerator.Allocate1D<float>(RegionKernels.PartialSums);
        _sum(stream, RegionKernels.PartialSums, source, _partial.View.BaseView);
        _partial.View.BaseView.CopyToCPU(stream, _sums);
        stream.Synchronize();
        return _sums.Sum(value => (double)value);
    }

    /// <inheritdoc/>
    public void Dispose() => _partial?.Dispose();
}
