using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>The usual sizes of a Swin transformer, numbered as the library's <c>SwinSize</c>.</summary>
internal sealed record SwinPreset(string Name, int Width, EquatableArray<int> Depths, EquatableArray<int> Heads)
{
    private static readonly SwinPreset[] Presets =
    [
        new("Tiny", 96, EquatableArray.Of(2, 2, 6, 2), EquatableArray.Of(3, 6, 12, 24)),
        new("Small", 96, EquatableArray.Of(2, 2, 18, 2), EquatableArray.Of(3, 6, 12, 24)),
        new("Base", 128, EquatableArray.Of(2, 2, 18, 2), EquatableArray.Of(4, 8, 16, 32)),
        new("Large", 192, EquatableArray.Of(2, 2, 18, 2), EquatableArray.Of(6, 12, 24, 48)),
    ];

    /// <summary>The names of all presets, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Presets.Select(p => "SwinSize." + p.Name));

    /// <summary>The preset of a number, or null where there is none.</summary>
    public static SwinPreset? Find(int number) => number >= 0 && number < Presets.Length ? Presets[number] : null;
}
