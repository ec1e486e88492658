using System.ComponentModel;
using System.Diagnostics;
using VptDsl.Tool.Shell;

namespace VptDsl.Tests.Tool;

/// <summary>A GPU whose driver does not work is never taken for a machine without one, and never passed over in silence.</summary>
public sealed class VptDeviceTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    /// <summary>A driver that answers as NVIDIA's does where the kernel's half of it has another version.</summary>
    private const string Mismatched = """
        int cuInit(unsigned flags) { return 803; }
        int cuDriverGetVersion(int *version) { *version = 12040; return 0; }
        int cuGetErrorName(int error, const char **name) { *name = "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"; return 0; }
        """;

    private const string Empty = "int nothing;";

    [SkippableFact]
    public void A_driver_that_cannot_be_loaded_is_named()
    {
        string folder = Folder("damaged");
        foreach (string name in new[] { "libcuda.so", "libcuda.so.1" })
        {
            File.WriteAllText(
                Path.Combine(folder, name), "This is no library, however long it may be: only words, and no header that a loader knows.");
        }

        AssertRefused(folder, "No CUDA device can be used. The cause: the driver cannot be loaded: ");
    }

    [SkippableFact]
    public void A_driver_that_does_not_start_is_named_with_its_error_and_training_goes_on_on_the_cpu()
    {
        string folder = Built("mismatched", Mismatched);

        AssertRefused(folder, "The cause: the driver libcuda.so.1 (CUDA 12.4) does not start: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (803).");
        (int exitCode, _, string errors) = VptProcess.Run(Without("--device", fixture.Train("auto.task", 1)), libraries: folder);
        Assert.Equal(0, exitCode);
        Assert.Contains("note: running on ", errors, StringComparison.Ordinal);
        Assert.Contains("CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", errors, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_driver_without_an_entry_point_is_named_with_it() =>
        AssertRefused(Built("empty", Empty), "the driver libcuda.so.1 is too old, or none: Unable to find an entry point named 'cuInit'");

    /// <summary>Settings have names that nobody checked, and another device than was meant is slower, or rounds differently.</summary>
    [Theory]
    [InlineData("gpu")]
    [InlineData("CUDA")]
    [InlineData("cuda:1")]
    public void A_name_that_no_device_has_is_refused_with_those_that_there_are(string name) => Assert.Equal(
        $"There is no device \"{name}\": say one of cpu, opencl, cuda, simulator, or none for the best.",
        Assert.Throws<ArgumentException>(() => DeviceOption.Open(name)).Message);

    private static IEnumerable<string> Without(string option, string[] arguments)
    {
        int at = Array.IndexOf(arguments, option);
        return at < 0 ? arguments : [.. arguments[..at], .. arguments[(at + 2)..]];
    }

    private void AssertRefused(string libraries, string reason)
    {
        (int exitCode, _, string errors) = VptProcess.Run(
            [.. Without("--device", fixture.Train("refused.task", 1)), "--device", "cuda"], libraries: libraries);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(reason, errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private string Folder(string name)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Elsewhere libraries are found by other rules.");
        return Directory.CreateDirectory(fixture.Path(name)).FullName;
    }

    private string Built(string name, string source)
    {
        string folder = Folder(name), code = Path.Combine(folder, "driver.c"), library = Path.Combine(folder, "libcuda.so");
        File.WriteAllText(code, source);
        try
        {
            using Process compiler = Process.Start("gcc", ["-shared", "-fPIC", "-o", library, code]);
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (Win32Exception)
        {
            Skip.If(true, "There is no gcc to build a driver with.");
        }

        File.Copy(library, library + ".1");
        return folder;
    }
}
