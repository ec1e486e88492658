using Microsoft.CodeAnalysis;

namespace VptDsl.Generators.Parsing;

/// <summary>Finds other types whose full names differ in case alone: Roslyn, like some file systems, takes their files for one.</summary>
internal static class CaseTwins
{
    public static bool Exist(INamedTypeSymbol type)
    {
        IEnumerable<INamespaceSymbol> spaces = [type.ContainingAssembly.GlobalNamespace];
        foreach (string name in NamespacePath.Of(type))
            spaces = spaces.SelectMany(s => s.GetNamespaceMembers()).Where(s => Alike(s.Name, name));
        return spaces.SelectMany(s => s.GetTypeMembers())
            .Any(other => Alike(other.Name, type.Name) && !SymbolEqualityComparer.Default.Equals(other, type));
    }

    private static bool Alike(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
