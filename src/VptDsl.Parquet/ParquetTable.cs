using System.Collections.Immutable;
using VptDsl.Data;

namespace VptDsl.Parquet;

/// <summary>The rows of several files, with what their classes are; images stay where they lie.</summary>
internal sealed record ParquetTable(RowTable Rows, LabelColumn Labels, string ImageColumn)
{
    /// <summary>Reads the classes of all rows, and nothing of the images.</summary>
    /// <exception cref="ImageDataException">A file cannot be read, or has no such columns as the first.</exception>
    public static ParquetTable Read(ImmutableArray<string> files, ColumnNames wanted)
    {
        var rows = new RowTable();
        LabelColumn? labels = null;
        bool isText = false;
        foreach (string file in files)
        {
            using ShardReader shard = ShardReader.Open(file);
            ChosenColumns columns = ChosenColumns.Of(shard, wanted);
            // What the first file has is what all have.
            wanted = wanted with { Image = columns.ImageName, Label = columns.LabelName };
            if (labels is null)
                (labels, isText) = (new LabelColumn(columns.ClassNames), ChosenColumns.IsText(columns.Label));
            if (ChosenColumns.IsText(columns.Label) != isText)
            {
                throw new ImageDataException(
                    file, $"its classes are {Kind(!isText)}, and those of {files[0]} are {Kind(isText)}",
                    "Write all files alike, or read them by themselves.");
            }

            if (!columns.ClassNames.AsSpan().SequenceEqual(labels.OwnNames.AsSpan()))
            {
                throw new ImageDataException(
                    file, $"its classes are others than those of {files[0]}", "Read sets of different classes by themselves.");
            }

            for (int group = 0; group < shard.RowGroups; group++)
            {
                rows.Add(file, group, shard.RowsOf(group));
                labels.Add(shard, group, columns, rows);
            }
        }

        return new ParquetTable(rows, labels!, wanted.Image!);
    }

    private static string Kind(bool isText) => isText ? "text" : "numbers";
}
