using System.Globalization;

namespace VptDsl.Data;

/// <summary>What of a folder was not taken into a set, for one reason.</summary>
/// <param name="Reason">What it is, in the plural: "links to folders that are read already".</param>
/// <param name="Count">How many there are, at least 1.</param>
/// <param name="Example">One of them, its path from the folder.</param>
public readonly record struct PassedOver(string Reason, int Count, string Example)
{
    /// <summary>The count, the reason and the example.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Count} {Reason} ({Example}{(Count > 1 ? ", …" : "")})");
}
