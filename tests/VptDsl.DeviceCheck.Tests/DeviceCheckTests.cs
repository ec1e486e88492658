using System.Diagnostics;
using VptDsl.Testing;

namespace VptDsl.DeviceCheck.Tests;

/// <summary>The check for GPUs works, in whatever needs none, before there is one.</summary>
public sealed class DeviceCheckTests
{
    [SkippableTheory]
    [InlineData("vit_deep")]
    [InlineData("swin_deep")]
    [InlineData("convnext_pad")]
    [InlineData("resnet_end2end")]
    [InlineData("setr_mla")]
    public void A_golden_case_passes_on_OpenCL_with_the_tiles_of_users(string name)
    {
        TestTier.RequireAll("OpenCL's compiler takes half a minute for a case");

        (int exitCode, string output, string errors) = Run(["golden", "--device", "opencl", "--cases", name], openClOnCpu: true);

        Skip.If(exitCode == 3, "This machine has no OpenCL implementation for the CPU.");
        Assert.True(exitCode == 0, output + errors);
        Assert.Contains(" checks passed, 0 failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Golden_cases_of_every_family_pass_on_the_CPU()
    {
        (int exitCode, string output, string errors) = Run(["golden", "--device", "cpu"]);

        Assert.True(exitCode == 0, output + errors);
        Assert.Contains(" 22 checks passed, 0 failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Kernels_compile_to_PTX()
    {
        (int exitCode, string output, _) = Run(["ptx", "--kernels", "LayerNorm"]);

        Assert.Equal(0, exitCode);
        Assert.Matches("[1-9][0-9]* kernels, [0-9]{4,} characters of PTX", output);
    }

    [Fact]
    public void The_device_and_what_became_of_others_are_told()
    {
        (int exitCode, string output, _) = Run(["info", "--device", "cpu"]);

        Assert.Equal(0, exitCode);
        Assert.Contains("CUDA", output, StringComparison.Ordinal);
        Assert.Contains("OpenCL", output, StringComparison.Ordinal);
        Assert.Contains("checked: CPU, ", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void No_GPU_is_an_exit_code_of_its_own_with_the_reason()
    {
        (int exitCode, string output, string errors) = Run(["info"]);
        Skip.If(exitCode == 0, "This machine has a CUDA device.");

        Assert.Equal(3, exitCode);
        Assert.Contains("CUDA: ", output, StringComparison.Ordinal);
        Assert.StartsWith("No CUDA device ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("steps", "--models", "huge")]
    [InlineData("steps", "--batches", "0")]
    [InlineData("golden", "--cases", "vit_unheard")]
    public void An_argument_that_makes_no_sense_is_named(params string[] arguments)
    {
        (int exitCode, _, string errors) = Run(arguments);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(arguments[1] == "--batches" ? "--batches" : arguments[2], errors, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output, string Errors) Run(IEnumerable<string> arguments, bool openClOnCpu = false)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "VptDsl.DeviceCheck.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (openClOnCpu)
            start.Environment["VPTDSL_OPENCL_ON_CPU"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
