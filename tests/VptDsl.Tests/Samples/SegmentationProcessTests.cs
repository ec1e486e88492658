using System.Diagnostics;
using VptDsl.Tests.Tool;

namespace VptDsl.Tests.Samples;

/// <summary>A sample that keeps nothing ends on a signal with a sentence, and writes numbers alike in every language.</summary>
public class SegmentationProcessTests
{
    [SkippableFact]
    public void A_signal_ends_it_with_a_sentence_and_its_exit_code()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "kill and env are Linux's.");
        using Process process = Start(epochs: 1000);
        VptProcess.WaitFor(process, "epoch 1/1000: ");
        VptProcess.Signal(process, "INT");

        (int exitCode, _, string errors) = VptProcess.End(process);

        Assert.Equal(130, exitCode);
        Assert.Contains("Stopping after this step", errors, StringComparison.Ordinal);
        Assert.Contains("without a checkpoint it is saved nowhere", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_written_alike_in_a_German_shell()
    {
        using Process process = Start(epochs: 1);
        string line = "";
        while (!line.StartsWith("linear, prompts none: ", StringComparison.Ordinal))
            line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException(process.StandardError.ReadToEnd());
        process.Kill();

        Assert.Matches(@"^linear, prompts none: tuned in \d+\.\d s, test mIoU \d+\.\d %$", line);
    }

    private static Process Start(int epochs) => VptProcess.Start(
        ["--epochs", FormattableString.Invariant($"{epochs}"), "--device", "cpu"], culture: "de_DE", program: "Segmentation.dll");
}
