using Microsoft.CodeAnalysis;

namespace VptDsl.Generators.Parsing;

/// <summary>
/// Finds other types whose full names differ in case alone: Roslyn, like some file systems, takes their files for one. It does so too
/// where a namespace is named like the type: the names of the type's files go on as those of types in it do.
/// </summary>
internal static class CaseTwins
{
    public static bool Exist(INamedTypeSymbol type)
    {
        IEnumerable<INamespaceSymbol> spaces = [type.ContainingAssembly.GlobalNamespace];
        foreach (string name in NamespacePath.Of(type))
            spaces = spaces.SelectMany(s => s.GetNamespaceMembers()).Where(s => Alike(s.Name, name));
        INamespaceSymbol[] around = [.. spaces];
        return around.SelectMany(s => s.GetTypeMembers())
                .Any(other => Alike(other.Name, type.Name) && !SymbolEqualityComparer.Default.Equals(other, type))
            || around.SelectMany(s => s.GetNamespaceMembers())
                .Any(space => Alike(space.Name, type.Name) && space.GetTypeMembers().Length > 0);
    }

    private static bool Alike(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
