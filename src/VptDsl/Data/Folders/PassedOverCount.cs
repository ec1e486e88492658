using System.Collections.Immutable;

namespace VptDsl.Data.Folders;

/// <summary>Counts what is passed over in a folder, by reason.</summary>
internal sealed class PassedOverCount(string root)
{
    private readonly SortedDictionary<string, PassedOver> _byReason = new(StringComparer.Ordinal);

    /// <summary>Counts a path.</summary>
    public void Add(string reason, string path) => _byReason[reason] = _byReason.TryGetValue(reason, out PassedOver known)
        ? known with { Count = known.Count + 1 }
        : new PassedOver(reason, 1, Path.GetRelativePath(root, path));

    /// <summary>All counts, by reason.</summary>
    public ImmutableArray<PassedOver> All => [.. _byReason.Values];
}
