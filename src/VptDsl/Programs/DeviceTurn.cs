using System.ComponentModel;

namespace VptDsl.Programs;

/// <summary>
/// A thread's turn on a device: as long as it lasts, no other thread computes there. A thread that has it may take it again.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct DeviceTurn : IDisposable
{
    private readonly Lock? _gate;
    private readonly object? _owner;

    internal DeviceTurn(Lock gate, object owner)
    {
        gate.Enter();
        (_gate, _owner) = (gate, owner);
    }

    /// <summary>Lets the next thread have its turn.</summary>
    public void Dispose()
    {
        if (_gate is null)
            return;
        _gate.Exit();
        // The owner's memory is freed when it is collected, and routines hold nothing but pointers into it.
        GC.KeepAlive(_owner);
    }
}
