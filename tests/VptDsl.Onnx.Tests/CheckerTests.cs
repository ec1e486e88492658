using System.Diagnostics;
using VptDsl.Testing;

namespace VptDsl.Onnx.Tests;

/// <summary>
/// ONNX's own checker, of Debian's python3-onnx, accepts every file: operators and their attributes, types and dimensions as it infers
/// them, all names.
/// </summary>
public sealed class CheckerTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import sys, onnx
        for path in sys.argv[1:]:
            onnx.checker.check_model(path, full_check=True)
            model = onnx.load(path)
            assert [o.version for o in model.opset_import] == [17] and model.ir_version == 8, path
            read = {i for node in model.graph.node for i in node.input}
            idle = [i.name for i in model.graph.initializer if i.name not in read]
            assert not idle, f"{path} has weights that nothing reads: {idle}"
            made = {o for node in model.graph.node for o in node.output}
            idle = made - read - {o.name for o in model.graph.output}
            assert not idle, f"{path} computes what nothing reads: {sorted(idle)}"
        print("checked", len(sys.argv) - 1)
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("onnx").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [SkippableTheory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void It_accepts_files_of_every_model(bool taskInputs, bool weightsBeside)
    {
        Skip.If(
            Run("-c", "import onnx") is { ExitCode: not 0 } && !TestTier.IsBuildServer,
            "python3-onnx is not installed: apt-get install python3-onnx");
        var files = new List<string>();
        using Device device = Device.Cpu(threads: 1);
        foreach (string name in DeclaredModels.Names)
        {
            using Tuner tuner = DeclaredModels.Create(name, device);
            if (taskInputs && tuner.Model.Parameters.All(p => p.Trained || p.IsMeasured))
                continue;
            string file = Path.Combine(_directory, tuner.Model.Name + ".onnx");
            tuner.ExportOnnx(file, new OnnxOptions { TaskInputs = taskInputs, WeightsBeside = weightsBeside });
            files.Add(file);
        }

        (int exitCode, string output) = Run(["-c", Script, .. files]);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"checked {files.Count}", output, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }
}
