namespace VptDsl.Parquet;

/// <summary>Which columns are read.</summary>
/// <param name="Image">The column of images; null to have it found.</param>
/// <param name="Label">The column of classes; null to have it found.</param>
/// <param name="HasLists">Whether each row has a list of classes.</param>
internal sealed record ColumnNames(string? Image, string? Label, bool HasLists);
