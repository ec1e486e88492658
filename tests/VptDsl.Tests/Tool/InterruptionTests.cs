using System.Runtime.InteropServices;
using VptDsl.Tool.Shell;

namespace VptDsl.Tests.Tool;

/// <summary>Protects work that a signal must not cut short.</summary>
public sealed class InterruptionTests
{
    /// <summary>A silo pulls the model of a run from the hub while it serves; at a signal it still saves its runs.</summary>
    [Fact]
    public void What_begins_and_ends_within_other_work_leaves_that_to_be_told()
    {
        using var outer = Interruption.Begin();
        Interruption.Begin().Dispose();

        Interruption.Handle(new PosixSignalContext(PosixSignal.SIGTERM), 15);

        Assert.True(outer.Token.IsCancellationRequested);
        Assert.Equal(128 + 15, Interruption.ExitCode);
    }
}
