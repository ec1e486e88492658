using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using VptDsl.Generators;

namespace VptDsl.Tool.Models;

/// <summary>Compiles a declaration as a build does, with the generator and C#'s compiler, and loads what comes out.</summary>
internal static class ModelCompilation
{
    private const string TypeName = "Declared.Model";

    /// <summary>The generated class of a declaration; from the cache if it was compiled before.</summary>
    /// <param name="declaration">The model.</param>
    /// <param name="parts">What is emitted beside the CPU's program.</param>
    /// <exception cref="ArgumentException">The generator refuses the declaration; says why.</exception>
    public static Type Compile(ModelDeclaration declaration, ModelParts parts)
    {
        string name = KeyOf(declaration, parts) + ".dll";
        return ModelCache.TryRead(name) is { } kept && TryLoad(kept) is { } type
            ? type
            : Load(CompileAnew(declaration, parts, name));
    }

    private static byte[] CompileAnew(ModelDeclaration declaration, ModelParts parts, string name)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable);
        CSharpCompilation compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(name),
            [CSharpSyntaxTree.ParseText($"using VptDsl;\nnamespace Declared;\n{declaration}\npublic sealed partial class Model;", parse)],
            References(parts), options);
        CSharpGeneratorDriver.Create(
                [new VptGenerator().AsSourceGenerator()], parseOptions: parse, optionsProvider: new BuildProperties(parts))
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation whole, out ImmutableArray<Diagnostic> found);
        Refuse(declaration, found);
        using var image = new MemoryStream();
        Refuse(declaration, whole.Emit(image).Diagnostics);
        byte[] content = image.ToArray();
        ModelCache.TryWrite(name, content);
        return content;
    }

    private static void Refuse(ModelDeclaration declaration, ImmutableArray<Diagnostic> diagnostics)
    {
        string[] errors =
        [
            .. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(diagnostic => $"{diagnostic.Id}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}")
                .Distinct(),
        ];
        if (errors.Length > 0)
            throw new ArgumentException($"The model {declaration} cannot be made. {string.Join("\n", errors.Take(5))}");
    }

    /// <summary>The framework and the libraries; a model that sees the one for ONNX gets what it takes.</summary>
    private static IEnumerable<MetadataReference> References(ModelParts parts) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => parts.HasFlag(ModelParts.Onnx) || Path.GetFileName(path) != "VptDsl.Onnx.dll")
            .Select(path => MetadataReference.CreateFromFile(path));

    /// <summary>The same declaration compiled by the same library is the same assembly.</summary>
    private static string KeyOf(ModelDeclaration declaration, ModelParts parts)
    {
        IEnumerable<Guid> builds = new[] { typeof(Tuner), typeof(HeadAttribute), typeof(VptGenerator), typeof(ModelCompilation) }
            .Select(type => type.Assembly.ManifestModule.ModuleVersionId);
        string text = $"{declaration}|{parts}|{Environment.Version}|{string.Join('|', builds)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    private static Type? TryLoad(byte[] image)
    {
        try
        {
            return Load(image);
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static Type Load(byte[] image) => Assembly.Load(image).GetType(TypeName, throwOnError: true)!;

    /// <summary>What a project file would say.</summary>
    private sealed class BuildProperties(ModelParts parts) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Properties(parts);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Properties(ModelParts parts) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
            {
                value = key == "build_property.VptDslGpuKernels" && !parts.HasFlag(ModelParts.GpuKernels) ? "false" : null;
                return value is not null;
            }
        }
    }
}
