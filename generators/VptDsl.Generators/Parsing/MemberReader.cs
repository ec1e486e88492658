using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Parsing;

/// <summary>
/// Reads the user's members that have something to do with what is generated: those of the same names, constructors, and required ones,
/// these of classes above too.
/// </summary>
internal static class MemberReader
{
    public static EquatableArray<DeclaredMember> Read(INamedTypeSymbol type, PlaceList places, CancellationToken cancellation)
    {
        List<DeclaredMember> members = [];
        foreach (ISymbol member in type.GetMembers().Where(m => !m.IsImplicitlyDeclared))
        {
            cancellation.ThrowIfCancellationRequested();
            if (member is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor)
            {
                if (IsOwn(constructor, cancellation))
                    members.Add(new(DeclaredMember.Constructor, Types(constructor), places.Add(constructor.Locations[0])));
            }
            else if (SurfaceMember.Find(member.Name) is not null || IsRequired(member))
            {
                members.Add(new(member.Name, member is IMethodSymbol method ? Types(method) : null, places.Add(member.Locations[0]))
                {
                    IsRequired = IsRequired(member),
                });
            }
        }

        members.AddRange(RequiredAbove(type).Select(member => new DeclaredMember(
            member.Name, null, places.Add(IsBeside(member, type) ? member.Locations[0] : type.Locations[0]))
        {
            IsRequired = true,
        }));
        return members.ToEquatableArray();
    }

    private static IEnumerable<ISymbol> RequiredAbove(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? above = type.BaseType; above is not null && !Lineage.IsOfLibrary(above); above = above.BaseType)
        {
            foreach (ISymbol member in above.GetMembers().Where(IsRequired))
                yield return member;
        }
    }

    private static bool IsBeside(ISymbol member, INamedTypeSymbol type) =>
        SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, type.ContainingAssembly);

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    /// <summary>
    /// Whether it is the one that will be generated, or hands on to no other of the class. Primary constructors are an obstacle of the
    /// type.
    /// </summary>
    private static bool IsOwn(IMethodSymbol constructor, CancellationToken cancellation) =>
        constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is ConstructorDeclarationSyntax syntax
        && (Types(constructor).Equals(SurfaceMember.ConstructorTypes)
            || syntax.Initializer?.IsKind(SyntaxKind.ThisConstructorInitializer) is not true);

    /// <summary>What tells methods of one name apart: type parameters, then how each parameter is passed and its type.</summary>
    private static EquatableArray<string> Types(IMethodSymbol method) =>
        method.TypeParameters.Select(_ => "type")
            .Concat(method.Parameters.Select(p =>
                (p.RefKind == RefKind.None ? "" : "ref ") + p.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)))
            .ToEquatableArray();
}
