using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Parsing;

/// <summary>One of our attributes: its plain values, and where it and its arguments stand.</summary>
/// <param name="Attribute">Its values.</param>
/// <param name="Owner">The class that it stands on.</param>
/// <param name="Locations">Its place and those of its arguments; none in another assembly.</param>
internal sealed record ReadAttribute(DeclaredAttribute Attribute, INamedTypeSymbol Owner, EquatableArray<PartLocation> Locations)
{
    /// <summary>Reads an attribute; null where it is not one of ours.</summary>
    /// <param name="data">The attribute.</param>
    /// <param name="owner">The class that it stands on.</param>
    /// <param name="compilation">The project that the class is in; null for a class of another assembly.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static ReadAttribute? TryRead(
        AttributeData data, INamedTypeSymbol owner, Compilation? compilation, CancellationToken cancellation)
    {
        if (KnownAttribute.Find(data) is not { } known)
            return null;
        List<(string Name, TypedConstant Value)> arguments = [.. Positional(data), .. data.NamedArguments.Select(a => (a.Key, a.Value))];
        EquatableArray<DeclaredArgument> values = arguments.Select(a => ToArgument(a.Name, a.Value)).ToEquatableArray();
        if (compilation is null)
            return new ReadAttribute(new DeclaredAttribute(known.Kind, values), owner, EquatableArray<PartLocation>.Empty);
        if (data.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax syntax)
            return null;

        int written = syntax.ArgumentList?.Arguments.Count ?? 0;
        bool isBroken = data.AttributeConstructor is null
            || arguments.Count != written
            || arguments.Any(a => a.Value.Kind == TypedConstantKind.Error);
        return new ReadAttribute(
            new DeclaredAttribute(known.Kind, values)
            {
                IsBroken = isBroken,
                GeneratedArguments = isBroken
                    ? GeneratedConstants.FindIn(Written(data.AttributeConstructor, syntax), compilation, cancellation)
                    : EquatableArray<GeneratedArgument>.Empty,
            },
            owner,
            Locate(known.Kind.Role(), data.AttributeConstructor, syntax).ToEquatableArray());
    }

    private static IEnumerable<(string Name, TypedConstant Value)> Positional(AttributeData data) =>
        data.AttributeConstructor is { } constructor
            ? constructor.Parameters.Zip(data.ConstructorArguments, (parameter, value) => (PropertyName(parameter.Name), value))
            : [];

    private static DeclaredArgument ToArgument(string name, TypedConstant value) =>
        value.Kind == TypedConstantKind.Array || value.Kind == TypedConstantKind.Error
            ? new DeclaredArgument(name, null, null)
            : new DeclaredArgument(name, value.Value is bool flag ? (flag ? 1 : 0) : value.Value as int?, value.Value as string)
            {
                Real = value.Value as double?,
            };

    private static IEnumerable<PartLocation> Locate(AttributeRole role, IMethodSymbol? constructor, AttributeSyntax syntax)
    {
        yield return new PartLocation(SpecParts.Of(role), SourceSpan.Of(syntax.GetLocation()));
        foreach ((string name, ExpressionSyntax expression) in Written(constructor, syntax))
            yield return new PartLocation(SpecParts.Of(role, name), SourceSpan.Of(expression.GetLocation()));
    }

    private static IEnumerable<(string Name, ExpressionSyntax Expression)> Written(IMethodSymbol? constructor, AttributeSyntax syntax)
    {
        foreach (AttributeArgumentSyntax argument in syntax.ArgumentList?.Arguments ?? default)
        {
            // No attribute takes more than one argument without a name.
            string name = argument.NameEquals?.Name.Identifier.ValueText
                ?? PropertyName(argument.NameColon?.Name.Identifier.ValueText ?? constructor?.Parameters.FirstOrDefault()?.Name ?? "size");
            yield return (name, argument.Expression);
        }
    }

    private static string PropertyName(string parameter) => char.ToUpperInvariant(parameter[0]) + parameter.Substring(1);
}
