using Microsoft.CodeAnalysis;
using VptDsl.Compiler.Spec;
using VptDsl.Generators.Parsing;

namespace VptDsl.Generators.Diagnostics;

/// <summary>A problem and where to show it.</summary>
internal sealed record LocatedProblem(Problem Problem, SourceSpan Span)
{
    public static IEnumerable<LocatedProblem> AllOf(LocatedDeclaration located) =>
        SpecResolver.Resolve(located.Declaration).Problems.Select(p => new LocatedProblem(p, located.Find(p)));

    public Diagnostic ToDiagnostic(Compilation compilation) =>
        Diagnostic.Create(Descriptors.Find(Problem.Id), Span.ToLocation(compilation), [.. Problem.Arguments]);
}
