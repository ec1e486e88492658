using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using VptDsl.Compiler;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Spec;
using VptDsl.Generators.Diagnostics;
using VptDsl.Generators.Parsing;

namespace VptDsl.Generators;

/// <summary>Compiles each annotated class: attributes, declaration, model, source text; a placeholder where the declaration has an error.</summary>
/// <remarks>
/// Only the first step runs on every edit. It yields plain values, and where a value equals the one before, Roslyn
/// stops there: a model is compiled again only when its own declaration says something else. Places in the source take a
/// branch of their own, so that code can move without a model being compiled.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class VptGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<TilesProperty> tiles = context.AnalyzerConfigOptionsProvider.Select((options, _) => ReadTiles(options.GlobalOptions));
        context.RegisterSourceOutput(tiles, ReportTiles);
        IncrementalValueProvider<KernelOptions> kernels = tiles.Select((property, _) => property.Options);
        foreach (KnownAttribute attribute in KnownAttribute.All)
            Register(context, attribute, kernels);
    }

    private static void Register(
        IncrementalGeneratorInitializationContext context, KnownAttribute attribute, IncrementalValueProvider<KernelOptions> kernels)
    {
        IncrementalValuesProvider<LocatedDeclaration> declarations = context.SyntaxProvider
            .ForAttributeWithMetadataName(attribute.MetadataName, DeclarationReader.IsClass, DeclarationReader.Read)
            .Where(declaration => declaration is not null)
            .Select((declaration, _) => declaration!)
            .WithTrackingName(TrackingNames.Read);

        IncrementalValuesProvider<(Declaration Declaration, ModelSpec? Model)> resolved = declarations
            .Select((located, _) => located.Declaration)
            .WithTrackingName(TrackingNames.Declaration)
            .Select((declaration, _) => (declaration, SpecResolver.Resolve(declaration).Model));

        IncrementalValuesProvider<EquatableArray<EmittedFile>> files = resolved
            .Combine(kernels)
            .Select((pair, _) => (pair.Left.Model, Kernels: pair.Right))
            .Where(pair => pair.Model is not null)
            .WithTrackingName(TrackingNames.Model)
            .Select((pair, _) => ModelCompiler.Compile(pair.Model!, pair.Kernels))
            .WithTrackingName(TrackingNames.Compile);
        context.RegisterSourceOutput(files, AddSources);

        IncrementalValuesProvider<EmittedFile> placeholders = resolved
            .Where(pair => pair.Model is null)
            .Select((pair, _) => PlaceholderEmitter.Emit(pair.Declaration))
            .Where(file => file is not null)
            .Select((file, _) => file!)
            .WithTrackingName(TrackingNames.Placeholder);
        context.RegisterSourceOutput(placeholders, AddSource);

        IncrementalValuesProvider<LocatedProblem> problems = declarations
            .SelectMany((located, _) => LocatedProblem.AllOf(located))
            .WithTrackingName(TrackingNames.Problems);
        context.RegisterSourceOutput(
            problems.Combine(context.CompilationProvider), (output, pair) => output.ReportDiagnostic(pair.Left.ToDiagnostic(pair.Right)));
    }

    private static TilesProperty ReadTiles(AnalyzerConfigOptions options)
    {
        options.TryGetValue("build_property.VptDslKernelTiles", out string? tiles);
        return TilesProperty.Parse(tiles);
    }

    private static void ReportTiles(SourceProductionContext output, TilesProperty tiles)
    {
        if (tiles.Problem is { } problem)
            output.ReportDiagnostic(Diagnostic.Create(Descriptors.UnusableTiles, Location.None, tiles.Value, problem));
    }

    private static void AddSources(SourceProductionContext output, EquatableArray<EmittedFile> files)
    {
        foreach (EmittedFile file in files)
            AddSource(output, file);
    }

    private static void AddSource(SourceProductionContext output, EmittedFile file) =>
        output.AddSource(HintNames.Of(file.HintName), SourceText.From(file.Text, Encoding.UTF8));
}
