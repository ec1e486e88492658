using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using VptDsl.Onnx;
using VptDsl.Parquet;

namespace VptDsl.Generators.Tests.Harness;

/// <summary>Compiles source text with the generator, as a user's build does.</summary>
internal static class GeneratorHarness
{
    private const string ImplicitUsings = """
        global using global::System;
        global using global::System.Collections.Generic;
        global using global::System.IO;
        global using global::System.Linq;
        global using global::System.Threading;
        global using global::System.Threading.Tasks;
        """;

    private static readonly ImmutableArray<MetadataReference> References = FindReferences();

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest);

    /// <summary>The library that writes ONNX files, which models are emitted for where it is referenced.</summary>
    public static MetadataReference Onnx { get; } = MetadataReference.CreateFromFile(typeof(OnnxExport).Assembly.Location);

    /// <summary>The library that reads Parquet files.</summary>
    private static readonly MetadataReference ParquetFiles = MetadataReference.CreateFromFile(typeof(ParquetImages).Assembly.Location);

    /// <summary>
    /// Runs the generator on one file, perhaps with the build properties for kernels, perhaps in another language version.
    /// </summary>
    public static GeneratorRun Run(
        string source,
        string? kernelTiles = null,
        string? gpuKernels = null,
        string? tensorCores = null,
        LanguageVersion language = LanguageVersion.Latest) =>
        Run(Compile(ParseOptions.WithLanguageVersion(language), ("Model.cs", source)), kernelTiles, gpuKernels, tensorCores);

    /// <summary>Runs the generator on one file of a project that references the library for ONNX.</summary>
    public static GeneratorRun RunWithOnnx(string source) => Run(Compile(("Model.cs", source)).AddReferences(Onnx));

    /// <summary>Runs the generator on one file of a project that references the library for Parquet files.</summary>
    public static GeneratorRun RunWithParquet(string source) => Run(Compile(("Model.cs", source)).AddReferences(ParquetFiles));

    /// <summary>Runs the generator on the one file of a program.</summary>
    public static GeneratorRun RunProgram(string source)
    {
        CSharpCompilation library = Compile(("Program.cs", source));
        return Run(library.WithOptions(library.Options.WithOutputKind(OutputKind.ConsoleApplication)));
    }

    /// <summary>Runs the generator on a compilation.</summary>
    public static GeneratorRun Run(
        CSharpCompilation compilation, string? kernelTiles = null, string? gpuKernels = null, string? tensorCores = null)
    {
        GeneratorDriver driver = CreateDriver((CSharpParseOptions)compilation.SyntaxTrees[0].Options)
            .WithUpdatedAnalyzerConfigOptions(new BuildProperties(
                ("VptDslKernelTiles", kernelTiles), ("VptDslGpuKernels", gpuKernels), ("VptDslTensorCores", tensorCores)))
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return new GeneratorRun(
            result.Diagnostics,
            [.. result.GeneratedSources.Select(s => new GeneratedFile(s.HintName, s.SourceText.ToString()))],
            [.. output.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)]);
    }

    /// <summary>Compiles one file with the generator, or without it, into an assembly that others reference.</summary>
    public static CSharpCompilation Library(string source, bool isGenerated = true)
    {
        Compilation library = Compile(("Library.cs", source)).WithAssemblyName("Library");
        if (isGenerated)
            CreateDriver().RunGeneratorsAndUpdateCompilation(library, out library, out _);
        return (CSharpCompilation)library;
    }

    /// <summary>Runs the generator on one file that references a library, as built or as an editor holds it.</summary>
    public static GeneratorRun RunBeside(CSharpCompilation library, string source, bool isBuilt = true)
    {
        using var image = new MemoryStream();
        if (isBuilt)
            Assert.Empty(library.Emit(image).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error));
        MetadataReference reference = isBuilt ? MetadataReference.CreateFromImage(image.ToArray()) : library.ToMetadataReference();
        return Run(Compile(("Model.cs", source)).AddReferences(reference));
    }

    public static GeneratorDriver CreateDriver(CSharpParseOptions? options = null) =>
        CSharpGeneratorDriver.Create(
            [new VptGenerator().AsSourceGenerator()],
            parseOptions: options ?? ParseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static CSharpCompilation Compile(params (string Path, string Text)[] sources) => Compile(ParseOptions, sources);

    private static CSharpCompilation Compile(CSharpParseOptions options, params (string Path, string Text)[] sources) =>
        CSharpCompilation.Create(
            "Models",
            sources.Prepend(("Usings.cs", ImplicitUsings)).Select(s => CSharpSyntaxTree.ParseText(s.Item2, options, s.Item1)),
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The framework and the library with its dependencies, but not the compiler, which users never reference.</summary>
    private static ImmutableArray<MetadataReference> FindReferences()
    {
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return
        [
            .. trusted.Split(Path.PathSeparator)
                .Where(p => !Path.GetFileName(p).StartsWith("VptDsl", StringComparison.Ordinal))
                .Append(typeof(Tuner).Assembly.Location)
                .Append(typeof(VitAttribute).Assembly.Location)
                .Select(p => MetadataReference.CreateFromFile(p)),
        ];
    }
}

/// <summary>What the generator made of a source.</summary>
/// <param name="Diagnostics">What the generator reported.</param>
/// <param name="Sources">The files it wrote.</param>
/// <param name="CompileErrors">What C# finds wrong with the source and these files together.</param>
internal sealed record GeneratorRun(
    ImmutableArray<Diagnostic> Diagnostics,
    ImmutableArray<GeneratedFile> Sources,
    ImmutableArray<Diagnostic> CompileErrors)
{
    /// <summary>Whether the source and the generated files compile without errors.</summary>
    public bool Compiles => CompileErrors.IsEmpty;
}

/// <summary>A generated file.</summary>
internal sealed record GeneratedFile(string HintName, string Text)
{
    /// <summary>Whether it holds the kernels that all models share.</summary>
    public bool IsShared => HintName == "VptDsl.Generated._Shared.Kernels.g.cs";
}
