using Microsoft.CodeAnalysis;

namespace VptDsl.Generators.Parsing;

/// <summary>The namespaces around a type, by name.</summary>
internal static class NamespacePath
{
    /// <summary>From the outermost; empty in the global namespace.</summary>
    public static IEnumerable<string> Of(INamedTypeSymbol type)
    {
        var names = new Stack<string>();
        for (INamespaceSymbol space = type.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace)
            names.Push(space.Name);
        return names;
    }
}
