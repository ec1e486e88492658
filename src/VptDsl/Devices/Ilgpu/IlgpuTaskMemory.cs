using ILGPU;
using ILGPU.Runtime;
using VptDsl.Programs;

namespace VptDsl.Devices.Ilgpu;

/// <summary>A task's memory on a GPU.</summary>
internal sealed class IlgpuTaskMemory : TaskMemory
{
    private const string Purpose = "a task";

    private readonly IlgpuProgramDevice _device;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _trained, _statistics;
    private MemoryBuffer1D<float, Stride1D.Dense>? _prepared;
    private bool _isDisposed;

    public IlgpuTaskMemory(IlgpuProgramDevice device, long trained, long statistics)
    {
        _device = device;
        _trained = device.AllocateZeroed(Purpose, trained);
        try
        {
            _statistics = device.AllocateZeroed(Purpose, statistics);
        }
        catch
        {
            device.Free(_trained);
            throw;
        }
    }

    public override long PreparedFloats => _prepared?.Length ?? 0;

    public override void ReservePrepared(long floats)
    {
        if (floats > 0)
            _prepared ??= _device.AllocateZeroed(Purpose, floats);
    }

    public override void ReleasePrepared()
    {
        if (_prepared is not null)
            _device.Free(_prepared);
        _prepared = null;
        PreparedFrom = 0;
    }

    public override void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        IlgpuDevice.Quietly(ReleasePrepared);
        IlgpuDevice.Quietly(() => _device.Free(_trained));
        IlgpuDevice.Quietly(() => _device.Free(_statistics));
    }

    /// <summary>What takes the place of the model's own memory; null where nothing does.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense>? Of(Slot slot) => slot.Region switch
    {
        Region.Trained => _trained,
        Region.Statistics => _statistics,
        Region.Arena when slot.Offset < PreparedFloats => _prepared,
        _ => null,
    };
}
