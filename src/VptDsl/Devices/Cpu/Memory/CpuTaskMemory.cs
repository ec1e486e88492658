using VptDsl.Programs;

namespace VptDsl.Devices.Cpu;

/// <summary>A task's memory on the CPU.</summary>
internal sealed class CpuTaskMemory(long trained, long statistics) : TaskMemory
{
    private readonly CpuMemory _trained = new(trained);
    private readonly CpuMemory _statistics = new(statistics);
    private CpuMemory? _prepared;

    public override long PreparedFloats => _prepared?.Count ?? 0;

    public override void ReservePrepared(long floats)
    {
        if (floats > 0)
            _prepared ??= new CpuMemory(floats);
    }

    public override void ReleasePrepared()
    {
        _prepared?.Dispose();
        _prepared = null;
        PreparedFrom = 0;
    }

    public override void Dispose()
    {
        ReleasePrepared();
        _trained.Dispose();
        _statistics.Dispose();
    }

    /// <summary>What takes the place of the model's own memory; null where nothing does.</summary>
    public CpuMemory? Of(Slot slot) => slot.Region switch
    {
        Region.Trained => _trained,
        Region.Statistics => _statistics,
        Region.Arena when slot.Offset < PreparedFloats => _prepared,
        _ => null,
    };
}
