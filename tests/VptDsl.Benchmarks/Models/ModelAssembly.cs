using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using VptDsl.Compiler;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Spec;

namespace VptDsl.Benchmarks.Models;

/// <summary>
/// Compiles a model to a file, so that the process that is measured only loads it: Roslyn's memory is not the model's.
/// </summary>
internal static class ModelAssembly
{
    /// <summary>Writes the assembly, unless the very same is there already, and returns its path.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="kernels">What kernels are emitted for; null for what users get.</param>
    /// <param name="onnx">Whether it can be exported.</param>
    public static string Compile(ModelSpec spec, KernelOptions? kernels = null, bool onnx = false)
    {
        string declaration = $"namespace {spec.Type.Namespace}; public sealed partial class {spec.Type.Name};";
        string[] texts = [declaration, .. ModelCompiler.Compile(spec, kernels, onnx).Alone.Select(f => f.Text)];
        string key = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(texts) + typeof(Tuner).Assembly.ManifestModule.ModuleVersionId)))[..16];
        string path = Path.Combine(AppContext.BaseDirectory, $"model-{key}.dll");
        if (File.Exists(path))
            return path;

        ImmutableArray<MetadataReference> references =
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Select(p => MetadataReference.CreateFromFile(p)),
        ];
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Benchmarked" + key, texts.Select(t => CSharpSyntaxTree.ParseText(t, new(LanguageVersion.Latest))), references, options);
        var result = compilation.Emit(path + ".new");
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join(
                '\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)));
        }

        File.Move(path + ".new", path, overwrite: true);
        return path;
    }

    /// <summary>Loads a model that <see cref="Compile"/> wrote, its parameters drawn at random.</summary>
    public static Tuner Create(string path, Device device)
    {
        Type type = Assembly.LoadFrom(path).GetExportedTypes().Single(t => t.IsSubclassOf(typeof(Tuner)));
        return (Tuner)type.GetMethod("Create", [typeof(Device), typeof(int)])!.Invoke(null, [device, 1])!;
    }

    /// <summary>What the model says that a program of it needs in the arena, in bytes.</summary>
    public static long PlannedBytes(Tuner tuner, string method, int batch) =>
        (long)tuner.GetType().GetMethod(method, [typeof(int)])!.Invoke(null, [batch])!;
}
