namespace VptDsl.Compiler.Spec;

/// <summary>The usual sizes of a vision transformer, numbered as the library's <c>VitSize</c>.</summary>
internal sealed record VitPreset(string Name, int Width, int Layers, int Heads, int Patch)
{
    private static readonly VitPreset[] Presets =
    [
        new("Tiny", 192, 12, 3, 16),
        new("Small", 384, 12, 6, 16),
        new("Base", 768, 12, 12, 16),
        new("Large", 1024, 24, 16, 16),
        new("Huge", 1280, 32, 16, 14),
    ];

    /// <summary>The names of all presets, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Presets.Select(p => "VitSize." + p.Name));

    /// <summary>The preset of a number, or null where there is none.</summary>
    public static VitPreset? Find(int number) => number >= 0 && number < Presets.Length ? Presets[number] : null;
}
