using System.Collections.Immutable;

namespace Study.Report;

/// <summary>A piece of the report, whatever format it is written in.</summary>
internal abstract record Block;

/// <summary>A heading of the second level.</summary>
internal sealed record Heading(string Text) : Block;

/// <summary>A paragraph of plain text.</summary>
internal sealed record Paragraph(string Text) : Block;

/// <summary>A table: names to the left, numbers to the right.</summary>
/// <param name="Head">The columns' titles.</param>
/// <param name="Rows">As many cells each.</param>
/// <param name="TextColumns">How many columns hold names, from the first on.</param>
internal sealed record Table(ImmutableArray<string> Head, ImmutableArray<ImmutableArray<string>> Rows, int TextColumns = 1) : Block;

/// <summary>Pictures side by side.</summary>
internal sealed record Gallery(ImmutableArray<Picture> Pictures) : Block;

/// <summary>A picture, as PNG.</summary>
internal sealed record Picture(string Title, byte[] Png)
{
    /// <summary>The name of its file beside the report.</summary>
    public string FileName => Title.ToLowerInvariant().Replace(' ', '-') + ".png";
}
