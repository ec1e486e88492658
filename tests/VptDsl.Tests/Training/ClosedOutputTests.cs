using System.Diagnostics;
using VptDsl.Tests.Tool;
using VptDsl.Tests.Weights;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>A program that was started without standard output, as services are, trains all the same.</summary>
public sealed class ClosedOutputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(ProgressDisplay.Auto)]
    [InlineData(ProgressDisplay.Lines)]
    [InlineData(ProgressDisplay.Bar)]
    public void A_fit_needs_no_standard_output(ProgressDisplay display)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a shell's redirection");
        using Process process = VptProcess.Start(
            ["deep", _folder.Root, "0", $"{display}"], program: "VptDsl.TrainingHost.dll", redirection: ">&-");

        (int exitCode, _, string errors) = VptProcess.End(process);

        Assert.True(exitCode == 0, errors);
        Assert.Empty(errors);
        Assert.Equal(["checkpoint", "task"], _folder.Files);
    }
}
