using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace VptDsl.Kernels.Tests.Harness;

/// <summary>
/// Compiles emitted text as a strict user's project does: no unsafe code, nullable, warnings as errors, doc comments checked.
/// </summary>
internal static class EmittedAssembly
{
    private static readonly ImmutableArray<MetadataReference> References = FindReferences();

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    public static Assembly Compile(params IEnumerable<string> texts)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: false,
            generalDiagnosticOption: ReportDiagnostic.Error,
            nullableContextOptions: NullableContextOptions.Enable);
        CSharpCompilation compilation = CSharpCompilation.Create(
            $"Emitted{Guid.NewGuid():N}", texts.Select(text => CSharpSyntaxTree.ParseText(text, Parsing)), References, options);
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10)));
        return Assembly.Load(assembly.ToArray());
    }

    /// <summary>The framework and the library with its dependencies, but not the compiler, which users never reference.</summary>
    private static ImmutableArray<MetadataReference> FindReferences()
    {
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return
        [
            .. trusted.Split(Path.PathSeparator)
                .Where(p => !Path.GetFileName(p).StartsWith("VptDsl", StringComparison.Ordinal))
                .Append(typeof(Device).Assembly.Location)
                .Append(typeof(VitAttribute).Assembly.Location)
                .Select(p => MetadataReference.CreateFromFile(p)),
        ];
    }
}
