using System.Globalization;

namespace VptDsl.Weights.Hub;

/// <summary>How far a download is.</summary>
/// <param name="File">The file's name in the repository.</param>
/// <param name="Bytes">How much of it is there.</param>
/// <param name="Total">How much it is; null where the hub does not say.</param>
public readonly record struct HubProgress(string File, long Bytes, long? Total)
{
    /// <summary>For instance <c>model.safetensors: 120 of 346 MB</c>.</summary>
    public override string ToString() => Total is { } total
        ? string.Create(CultureInfo.InvariantCulture, $"{File}: {Bytes / 1e6:F0} of {total / 1e6:F0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{File}: {Bytes / 1e6:F0} MB");
}
