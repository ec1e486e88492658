namespace VptDsl.Weights.Hub;

/// <summary>A repository of the hub, perhaps a file in it, at a revision.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="File">The file's name in it; null for the usual weights.</param>
/// <param name="Revision">A branch, a tag or a commit.</param>
internal sealed record HubReference(string Owner, string Name, string? File, string Revision)
{
    private const string Main = "main";

    /// <summary>Owner and name.</summary>
    public string Repository => $"{Owner}/{Name}";

    /// <exception cref="ArgumentException">It is none.</exception>
    public static HubReference Parse(string text)
    {
        string rest = Hub.IsReference(text) ? text[Hub.Scheme.Length..] : text;
        int at = rest.LastIndexOf('@');
        (string path, string revision) = at < 0 ? (rest, Main) : (rest[..at], rest[(at + 1)..]);
        string[] parts = path.Split('/');
        if (parts.Length < 2 || !parts.All(IsName) || !revision.Split('/').All(IsName))
        {
            throw new ArgumentException(
                $"'{text}' names nothing on the hub: write hf:OWNER/NAME, as in hf:timm/vit_base_patch16_224.augreg2_in21k_ft_in1k, and "
                    + "/FILE and @REVISION behind it where they are not the usual ones.",
                nameof(text));
        }

        return new HubReference(parts[0], parts[1], parts.Length > 2 ? string.Join('/', parts[2..]) : null, revision);
    }

    /// <summary>Whether a name can be a file's or a folder's wherever the cache lies, and leads nowhere else.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and < 256 && name.Trim('.').Length > 0
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+');

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Hub.Scheme}{Repository}{(File is null ? "" : "/" + File)}{(Revision == Main ? "" : "@" + Revision)}";
}
