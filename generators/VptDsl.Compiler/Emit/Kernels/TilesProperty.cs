using System.Globalization;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Reads the build property VptDslKernelTiles, which overrides the choice of tiles.</summary>
/// <param name="Options">What kernels are emitted with.</param>
/// <param name="Value">The property, where it cannot be used.</param>
/// <param name="Problem">Why it cannot be used, or null.</param>
internal sealed record TilesProperty(KernelOptions Options, string Value, string? Problem)
{
    // Far more than a tile of any GPU has, and products of two are still numbers.
    private const int Numbers = 5, Most = 4096;

    /// <summary>
    /// Nothing for the tiles that are chosen; "small" for ILGPU's simulator, which gives each thread of a group a thread of the CPU; or
    /// rows, columns and depth of every product's tile, and the rows and columns of it that a thread has.
    /// </summary>
    public static TilesProperty Parse(string? value)
    {
        value = value?.Trim() ?? "";
        if (value.Length == 0)
            return new(KernelOptions.Default, value, null);
        if (value == "small")
            return new(KernelOptions.Small, value, null);
        string[] parts = value.Split(',');
        int[] n =
        [
            .. parts.Select(p => int.TryParse(p.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0),
        ];
        if (n.Length != Numbers || n.Any(x => x <= 0))
            return new(KernelOptions.Default, value, "which is not five positive numbers");
        if (n.Any(x => x > Most))
            return new(KernelOptions.Default, value, $"in which a number is above {Most}");
        if (n[0] % n[3] != 0 || n[1] % n[4] != 0)
            return new(KernelOptions.Default, value, "whose threads do not divide the tile");
        KernelOptions options = KernelOptions.Default with { Product = new(n[0], n[1], n[2], n[3], n[4], ProductTile.ChosenSlices) };
        return options.Product.Problem(options.Limits) is { } problem
            ? new(KernelOptions.Default, value, problem)
            : new(options, value, null);
    }
}
