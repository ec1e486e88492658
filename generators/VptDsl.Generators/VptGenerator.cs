using System.Collections.Immutable;
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

/// <summary>
/// Compiles each annotated class: attributes, declaration, model, source text; a placeholder where the declaration has an error.
/// </summary>
/// <remarks>
/// Only the first step runs on every edit. It yields plain values, and where a value equals the one before, Roslyn
/// stops there: a model is compiled again only when its own declaration says something else, and the kernels that models share are written
/// again only when the set of them is another. Places in the source take a
/// branch of their own, so that code can move without a model being compiled.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class VptGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<KernelOptions> options = RegisterOptions(context);
        IncrementalValueProvider<ImmutableArray<KernelText>>? kernels = null;
        foreach (KnownAttribute attribute in KnownAttribute.All)
        {
            IncrementalValueProvider<ImmutableArray<KernelText>> more = Register(context, attribute, options).Collect();
            kernels = kernels is { } others ? others.Combine(more).Select((pair, _) => pair.Left.AddRange(pair.Right)) : more;
        }

        IncrementalValueProvider<EquatableArray<KernelText>> distinct = kernels!.Value
            .Select((all, _) => KernelsEmitter.Distinct(all).ToEquatableArray())
            .WithTrackingName(TrackingNames.Kernels);
        context.RegisterSourceOutput(distinct, AddKernels);
    }

    /// <summary>What the build's properties say.</summary>
    private static IncrementalValueProvider<KernelOptions> RegisterOptions(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<TilesProperty> tiles = context.AnalyzerConfigOptionsProvider
            .Select((options, _) => TilesProperty.Parse(Read(options.GlobalOptions, "VptDslKernelTiles")));
        IncrementalValueProvider<KernelsProperty> kernels = context.AnalyzerConfigOptionsProvider
            .Select((options, _) => KernelsProperty.Parse(Read(options.GlobalOptions, "VptDslGpuKernels")));
        context.RegisterSourceOutput(tiles, ReportTiles);
        context.RegisterSourceOutput(kernels, ReportKernels);
        return tiles.Combine(kernels).Select((pair, _) => pair.Right.AreWanted ? pair.Left.Options : KernelOptions.None);
    }

    /// <summary>Compiles the classes with one attribute; returns the kernels that they need.</summary>
    private static IncrementalValuesProvider<KernelText> Register(
        IncrementalGeneratorInitializationContext context, KnownAttribute attribute, IncrementalValueProvider<KernelOptions> options)
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

        IncrementalValuesProvider<EmittedModel> compiled = resolved
            .Combine(options)
            .Select((pair, _) => (pair.Left.Model, Options: pair.Right))
            .Where(pair => pair.Model is not null)
            .WithTrackingName(TrackingNames.Model)
            .Select((pair, _) => ModelCompiler.Compile(pair.Model!, pair.Options))
            .WithTrackingName(TrackingNames.Compile);
        context.RegisterSourceOutput(compiled.Select((model, _) => model.Files), AddSources);

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
        return compiled.SelectMany((model, _) => model.Kernels);
    }

    private static string? Read(AnalyzerConfigOptions options, string property) =>
        options.TryGetValue("build_property." + property, out string? value) ? value : null;

    private static void ReportTiles(SourceProductionContext output, TilesProperty tiles)
    {
        if (tiles.Problem is { } problem)
            output.ReportDiagnostic(Diagnostic.Create(Descriptors.UnusableTiles, Location.None, tiles.Value, problem));
    }

    private static void ReportKernels(SourceProductionContext output, KernelsProperty kernels)
    {
        if (kernels.IsUnusable)
            output.ReportDiagnostic(Diagnostic.Create(Descriptors.UnusableKernels, Location.None, kernels.Value));
    }

    private static void AddKernels(SourceProductionContext output, EquatableArray<KernelText> kernels)
    {
        if (kernels.Count > 0)
            AddSource(output, KernelsEmitter.Emit(kernels));
    }

    private static void AddSources(SourceProductionContext output, EquatableArray<EmittedFile> files)
    {
        foreach (EmittedFile file in files)
            AddSource(output, file);
    }

    private static void AddSource(SourceProductionContext output, EmittedFile file) =>
        output.AddSource(HintNames.Of(file.HintName), SourceText.From(file.Text, Encoding.UTF8));
}
