using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace VptDsl.Benchmarks.Models;

/// <summary>Starts the processes that are measured, and reads the line of JSON that each ends with.</summary>
internal static class Child
{
    /// <summary>This program again, to measure a compiled model.</summary>
    public static JsonElement Measure(string assembly, string mode, int batch, int steps, int threads, string label, double gflop) =>
        Run("measure", assembly, mode, Text(batch), Text(steps), Text(threads), label, gflop.ToString(CultureInfo.InvariantCulture));

    /// <summary>This program again, with a command that ends with a line of JSON.</summary>
    public static JsonElement Run(params string[] command) => RunProgram(Environment.ProcessPath!, [.. This, .. command]);

    /// <summary>This program again, to be talked to by lines.</summary>
    public static Process Start(params string[] command) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. This, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>This program again, to write a compiled model's logits and all that they depend on.</summary>
    public static void WriteLogits(string assembly, int batch, string path) => Write(path, "logits", assembly, Text(batch), path);

    /// <summary>This program again, to export a compiled model.</summary>
    public static void WriteOnnx(string assembly, string path) => Write(path, "export", assembly, path);

    /// <summary>A peer.</summary>
    public static JsonElement Peer(string script, params string[] arguments) => RunProgram(script, arguments);

    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The first arguments: none if the program is its own executable, else the assembly that dotnet runs.</summary>
    private static string[] This =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Child).Assembly.Location] : [];

    private static void Write(string path, params string[] command)
    {
        using Process process = Process.Start(Environment.ProcessPath!, [.. This, .. command]);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{path} was not written: exit code {process.ExitCode}.");
    }

    private static JsonElement RunProgram(string file, string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string? json = output.Split('\n').LastOrDefault(line => line.StartsWith('{'));
        if (process.ExitCode != 0 || json is null)
            throw new InvalidOperationException($"{file} ended with {process.ExitCode} and no result:\n{output}");
        return JsonDocument.Parse(json).RootElement;
    }
}
