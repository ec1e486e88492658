using Microsoft.CodeAnalysis;
using VptDsl.Compiler.Common;

namespace VptDsl.Generators.Parsing;

/// <summary>Numbers places in the source, so that what is read of them stays the same when code moves.</summary>
internal sealed class PlaceList
{
    private readonly List<SourceSpan> _places = [];

    public int Add(Location location)
    {
        _places.Add(SourceSpan.Of(location));
        return _places.Count - 1;
    }

    public EquatableArray<SourceSpan> ToArray() => _places.ToEquatableArray();
}
