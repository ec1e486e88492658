using System.Diagnostics;
using System.Text;

namespace VptDsl.Devices.Ilgpu;

/// <summary>
/// What a driver says of a kernel that it refuses, from now on until it is disposed of: ILGPU hands that to the trace, and to nobody else.
/// </summary>
internal sealed class DriverLog : TraceListener
{
    // A driver may repeat itself for each of a thousand lines of a kernel.
    private const int MostCharacters = 2000;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly StringBuilder _text = new();

    /// <summary>Begins to listen to this thread.</summary>
    public DriverLog() => Trace.Listeners.Add(this);

    /// <inheritdoc/>
    public override bool IsThreadSafe => true;

    /// <inheritdoc/>
    public override void Write(string? message)
    {
        if (Environment.CurrentManagedThreadId == _thread && _text.Length < MostCharacters)
            _text.Append(message);
    }

    /// <inheritdoc/>
    public override void WriteLine(string? message) => Write(message + '\n');

    /// <summary>What was said, below a heading; empty where nothing was.</summary>
    public override string ToString()
    {
        string text = _text.ToString().Trim();
        if (text.Length == 0)
            return "";
        return $"\nThe driver says:\n{(text.Length > MostCharacters ? text[..MostCharacters] + "…" : text)}";
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Trace.Listeners.Remove(this);
        base.Dispose(disposing);
    }
}
