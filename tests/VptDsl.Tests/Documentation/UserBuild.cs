using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using VptDsl.Generators;

namespace VptDsl.Tests.Documentation;

/// <summary>A build of a user's, who references every library of ours, ASP.NET Core, Orleans, ONNX Runtime and OpenTelemetry.</summary>
internal static class UserBuild
{
    private static readonly string[] Libraries =
        ["VptDsl.dll", "VptDsl.Abstractions.dll", "VptDsl.Onnx.dll", "VptDsl.Orleans.dll", "VptDsl.Serving.dll"];

    private static readonly CSharpParseOptions Latest = new(LanguageVersion.Latest);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is { } name
                && (Libraries.Contains(name) || !name.StartsWith("VptDsl", StringComparison.Ordinal)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>What generator and compiler find wrong with a file.</summary>
    public static IReadOnlyList<string> ErrorsIn(string source, OutputKind output = OutputKind.DynamicallyLinkedLibrary)
    {
        var compilation = CSharpCompilation.Create(
            "Example",
            [CSharpSyntaxTree.ParseText(source, Latest)],
            References,
            new CSharpCompilationOptions(output, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new VptGenerator().AsSourceGenerator()], parseOptions: Latest)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation whole, out ImmutableArray<Diagnostic> found);
        return
        [
            .. found.Concat(whole.GetDiagnostics()).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(diagnostic => diagnostic.ToString()),
        ];
    }

    /// <summary>What the generator finds wrong with a declaration.</summary>
    public static IReadOnlyList<string> ErrorsInDeclaration(string attributes)
    {
        var compilation = CSharpCompilation.Create(
            "Declaration",
            [CSharpSyntaxTree.ParseText($"using VptDsl;\n{attributes} public sealed partial class Model;", Latest)],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        GeneratorDriverRunResult result = CSharpGeneratorDriver.Create([new VptGenerator().AsSourceGenerator()], parseOptions: Latest)
            .RunGenerators(compilation).GetRunResult();
        return result.GeneratedTrees.IsEmpty
            ? ["nothing is generated"]
            : [.. result.Diagnostics.Select(diagnostic => diagnostic.ToString())];
    }
}
