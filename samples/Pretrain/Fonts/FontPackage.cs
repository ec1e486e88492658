namespace Pretrain.Fonts;

/// <summary>A Debian package of fonts that may be used, changed and passed on for any purpose.</summary>
/// <param name="Name">The package.</param>
/// <param name="Licence">Its fonts' licence.</param>
/// <param name="Scripts">What can be written with them.</param>
internal sealed record FontPackage(string Name, string Licence, string Scripts)
{
    private const string ListName = "fonts.txt";

    /// <summary>Every package that fonts are taken from, by name.</summary>
    public static IReadOnlyList<FontPackage> All { get; } = Read();

    private static FontPackage[] Read()
    {
        using Stream list = typeof(FontPackage).Assembly.GetManifestResourceStream(ListName)
            ?? throw new InvalidOperationException($"{ListName} is missing from the program.");
        using var reader = new StreamReader(list);
        return
        [
            .. reader.ReadToEnd().Split('\n')
                .Where(line => line.Length > 0 && !line.StartsWith('#'))
                .Select(line => line.Split('\t'))
                .Select(fields => new FontPackage(fields[0], fields[1], fields[2])),
        ];
    }
}
