namespace VptDsl;

/// <summary>What a search for a kind of GPU came to: see <see cref="Device.Survey"/>.</summary>
/// <param name="Kind">What was looked for: "CUDA" or "OpenCL".</param>
/// <param name="Name">The name of the device that can be used; null where there is none.</param>
/// <param name="Reason">Why there is none, in a sentence with the remedy; empty where there is one.</param>
/// <param name="IsFault">Whether a driver or a device is there and does not work, as opposed to a machine that has none.</param>
public sealed record DeviceFinding(string Kind, string? Name, string Reason, bool IsFault)
{
    /// <inheritdoc/>
    public override string ToString() => Name ?? $"{Kind}: {Reason}";
}
