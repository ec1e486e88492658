namespace VptDsl.Data.Stores;

/// <summary>An image file of a set.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">Its class.</param>
/// <param name="List">The list that names it, if one does.</param>
/// <param name="Line">Its line there, counted from 1.</param>
internal readonly record struct FileEntry(string Path, int Label, string? List = null, int? Line = null);
