namespace VptDsl.Common;

/// <summary>Sizes of images, patches and grids in messages.</summary>
internal static class Sizes
{
    /// <summary>Height and width, also of a square: 14x14.</summary>
    public static string Text(PlaneSize size) => FormattableString.Invariant($"{size.Height}x{size.Width}");

    /// <summary>A size as C# has it where one is asked for.</summary>
    public static string Code(PlaneSize size) =>
        size.IsSquare ? size.ToString() : FormattableString.Invariant($"new({size.Height}, {size.Width})");
}
