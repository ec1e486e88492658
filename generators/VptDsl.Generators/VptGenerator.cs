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
/// Compiles each annotated class: attributes, declaration, model, source text; a placeholder where the declaration has an error, and for an
/// abstract class what makes it a base of models.
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
        IncrementalValueProvider<EmitOptions> options = RegisterOptions(context).Combine(FindOnnx(context))
            .Select((pair, _) => new EmitOptions(pair.Left, pair.Right));
        IncrementalValuesProvider<LocatedDeclaration>[] declarations = [.. Read(context)];

        IncrementalValueProvider<EquatableArray<KernelText>> kernels = Gather(declarations.Select(d => Register(context, d, options)))
            .Select((all, _) => KernelsEmitter.Distinct(all).ToEquatableArray())
            .WithTrackingName(TrackingNames.Kernels);
        context.RegisterSourceOutput(kernels, AddKernels);

        IncrementalValuesProvider<LocatedProblem> problems = Gather(declarations.Select(FindProblems))
            .SelectMany((all, _) => LocatedProblem.Merge(all));
        context.RegisterSourceOutput(
            problems.Combine(context.CompilationProvider), (output, pair) => output.ReportDiagnostic(pair.Left.ToDiagnostic(pair.Right)));
    }

    /// <summary>The classes with one attribute, for each attribute, and those that only inherit some.</summary>
    private static IEnumerable<IncrementalValuesProvider<LocatedDeclaration>> Read(IncrementalGeneratorInitializationContext context) =>
        KnownAttribute.All
            .Select(a => context.SyntaxProvider.ForAttributeWithMetadataName(
                a.MetadataName, DeclarationReader.IsClass, DeclarationReader.Read))
            .Append(context.SyntaxProvider.CreateSyntaxProvider(DeclarationReader.MayInherit, DeclarationReader.ReadHeir))
            .Select(found => found
                .Where(declaration => declaration is not null)
                .Select((declaration, _) => declaration!)
                .WithTrackingName(TrackingNames.Read));

    private static IncrementalValueProvider<ImmutableArray<T>> Gather<T>(IEnumerable<IncrementalValuesProvider<T>> parts) => parts
        .Select(part => part.Collect())
        .Aggregate((all, more) => all.Combine(more).Select((pair, _) => pair.Left.AddRange(pair.Right)));

    /// <summary>What the build's properties say.</summary>
    private static IncrementalValueProvider<KernelOptions> RegisterOptions(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<TilesProperty> tiles = context.AnalyzerConfigOptionsProvider
            .Select((options, _) => TilesProperty.Parse(Read(options.GlobalOptions, "VptDslKernelTiles")));
        IncrementalValueProvider<KernelsProperty> kernels = context.AnalyzerConfigOptionsProvider
            .Select((options, _) => KernelsProperty.Parse(Read(options.GlobalOptions, "VptDslGpuKernels")));
        IncrementalValueProvider<TensorCoresProperty> cores = context.AnalyzerConfigOptionsProvider
            .Select((options, _) => TensorCoresProperty.Parse(Read(options.GlobalOptions, "VptDslTensorCores")));
        context.RegisterSourceOutput(tiles, ReportTiles);
        context.RegisterSourceOutput(kernels, ReportKernels);
        context.RegisterSourceOutput(cores, ReportTensorCores);
        return tiles.Combine(kernels).Combine(cores).Select((all, _) => all.Left.Right.AreWanted
            ? all.Left.Left.Options with { TensorCores = all.Right.Options }
            : KernelOptions.None);
    }

    /// <summary>Whether the compilation references the library that writes ONNX files.</summary>
    private static IncrementalValueProvider<bool> FindOnnx(IncrementalGeneratorInitializationContext context) =>
        context.CompilationProvider.Select((compilation, _) => compilation.GetTypeByMetadataName("VptDsl.Onnx.IOnnxModel") is not null);

    /// <summary>Compiles classes; returns the kernels that they need.</summary>
    private static IncrementalValuesProvider<KernelText> Register(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<LocatedDeclaration> declarations,
        IncrementalValueProvider<EmitOptions> options)
    {
        IncrementalValuesProvider<(Declaration Declaration, Resolution Resolution)> resolved = declarations
            .Select((located, _) => located.Declaration)
            .WithTrackingName(TrackingNames.Declaration)
            .Select((declaration, _) => (declaration, SpecResolver.Resolve(declaration)));

        IncrementalValuesProvider<EmittedModel> compiled = resolved
            .Combine(options)
            .Select((pair, _) => (pair.Left.Resolution.Model, Options: pair.Right))
            .Where(pair => pair.Model is not null)
            .WithTrackingName(TrackingNames.Model)
            .Select((pair, cancellation) =>
                ModelCompiler.Compile(pair.Model!, pair.Options.Kernels, pair.Options.Onnx, cancellation))
            .WithTrackingName(TrackingNames.Compile);
        context.RegisterSourceOutput(compiled.Select((model, _) => model.Files), AddSources);

        IncrementalValuesProvider<EmittedFile> withoutModel = resolved
            .Where(pair => pair.Resolution.Model is null)
            .Select((pair, _) => pair switch
            {
                { Declaration.Shared: null } => PlaceholderEmitter.Emit(pair.Declaration),
                { Resolution.Problems.Count: 0 } => SharedEmitter.Emit(pair.Declaration),
                _ => null,
            })
            .Where(file => file is not null)
            .Select((file, _) => file!)
            .WithTrackingName(TrackingNames.WithoutModel);
        context.RegisterSourceOutput(withoutModel, AddSource);
        return compiled.SelectMany((model, _) => model.Kernels);
    }

    private static IncrementalValuesProvider<LocatedProblem> FindProblems(IncrementalValuesProvider<LocatedDeclaration> declarations) =>
        declarations.SelectMany((located, _) => LocatedProblem.AllOf(located)).WithTrackingName(TrackingNames.Problems);

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

    private static void ReportTensorCores(SourceProductionContext output, TensorCoresProperty cores)
    {
        if (cores.IsUnusable)
            output.ReportDiagnostic(Diagnostic.Create(Descriptors.UnusableTensorCores, Location.None, cores.Value));
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

    /// <summary>What is emitted of a model besides what every model has.</summary>
    /// <param name="Kernels">What kernels are emitted for.</param>
    /// <param name="Onnx">Whether models are emitted as ONNX graphs too.</param>
    private sealed record EmitOptions(KernelOptions Kernels, bool Onnx);
}
