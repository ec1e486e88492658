using VptDsl.Data;
using VptDsl.Data.Stores;

namespace VptDsl.Parquet;

/// <summary>
/// Reads image sets in Parquet files, as the Hugging Face hub has them (<c>train-00000-of-00003.parquet</c>): a row for each image, with
/// a column of the images' files and one of their classes.
/// </summary>
/// <remarks>
/// <para>
/// Images are a structure with the file's bytes in <c>bytes</c>, as the datasets library writes them, or the bytes alone. Classes are whole
/// numbers from 0, whose names the file may tell (key <c>huggingface</c>), or names. Lists of either are several classes for an image.
/// </para>
/// <para>
/// Classes are read at once. Images are unpacked a row group at a time, when the first of a group is needed, into a scratch file that
/// vanishes with the process; from there each is read by itself, in any order and by several threads. Memory does not grow with the set
/// beyond 16 bytes an image and the largest row group; the scratch file takes what all images take.
/// </para>
/// <para>Source of the layout: https://huggingface.co/docs/datasets/image_dataset and https://parquet.apache.org.</para>
/// </remarks>
public static class ParquetImages
{
    /// <summary>Reads images that have one class each.</summary>
    /// <param name="files">
    /// A file, or several: as in <c>train-*.parquet</c>, those that there are, by name; or as in
    /// <c>train-{00000..00002}-of-00003.parquet</c>, the numbers from one to the other.
    /// </param>
    /// <param name="pipeline">What happens to each image; see <see cref="Transforms"/>.</param>
    /// <param name="imageColumn">The column of images. Left out: the one that there is, or the one named image.</param>
    /// <param name="labelColumn">
    /// The column of classes. Left out: the one that the file says is of classes, the one that there is, or the one named label.
    /// </param>
    /// <param name="classNames">
    /// The name of each class, in the order of labels; where the file has names, classes are found by them. Left out: the file's names, in
    /// its order; those that occur, sorted by code; or the numbers, 0 to the highest there is.
    /// </param>
    /// <param name="scratchFolder">The folder of the scratch file. Left out: that of temporary files.</param>
    /// <returns>The images in the order of the files and rows.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="files"/> has braces without a range of numbers in them, or class names are missing or alike.
    /// </exception>
    /// <exception cref="ImageDataException">
    /// A file is missing or damaged, a column is not there or there are several that it could be, or a row has no class; the message names
    /// file and row.
    /// </exception>
    public static PixelImages Read(
        string files, ImagePipeline pipeline, string? imageColumn = null, string? labelColumn = null,
        IReadOnlyList<string>? classNames = null, string? scratchFolder = null)
    {
        ParquetTable table = Open(files, pipeline, new ColumnNames(imageColumn, labelColumn, HasLists: false), classNames);
        (IReadOnlyList<string> names, int[] labels) = table.Labels.Resolve(classNames, table.Rows);
        return new PixelImages(StoreOf(table, labels, names, scratchFolder), pipeline);
    }

    /// <summary>Reads images that have any number of classes each: a list in every row.</summary>
    /// <param name="files">
    /// A file, or several: as in <c>train-*.parquet</c>, those that there are, by name; or as in
    /// <c>train-{00000..00002}-of-00003.parquet</c>, the numbers from one to the other.
    /// </param>
    /// <param name="pipeline">What happens to each image; see <see cref="Transforms"/>.</param>
    /// <param name="imageColumn">The column of images. Left out: the one that there is, or the one named image.</param>
    /// <param name="labelColumn">
    /// The column of lists. Left out: the one that the file says is of classes, the one that there is, or the one named labels.
    /// </param>
    /// <param name="classNames">As for <see cref="Read"/>.</param>
    /// <param name="scratchFolder">The folder of the scratch file. Left out: that of temporary files.</param>
    /// <returns>The images in the order of the files and rows; one with an empty list has no class.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="files"/> has braces without a range of numbers in them, or class names are missing or alike.
    /// </exception>
    /// <exception cref="ImageDataException">
    /// A file is missing or damaged, a column is not there or there are several that it could be, or a row has no list or a class twice;
    /// the message names file and row.
    /// </exception>
    public static MultiLabelImages ReadMultiLabel(
        string files, ImagePipeline pipeline, string? imageColumn = null, string? labelColumn = null,
        IReadOnlyList<string>? classNames = null, string? scratchFolder = null)
    {
        ParquetTable table = Open(files, pipeline, new ColumnNames(imageColumn, labelColumn, HasLists: true), classNames);
        (IReadOnlyList<string> names, int[] labels) = table.Labels.Resolve(classNames, table.Rows);
        var images = new PixelImages(StoreOf(table, new int[table.Rows.Count], names, scratchFolder), pipeline);
        return new MultiLabelImages(
            images, names, [.. Enumerable.Range(0, table.Rows.Count).Select(row => labels[table.Labels.RangeOf(row)])]);
    }

    private static ParquetTable Open(string files, ImagePipeline pipeline, ColumnNames columns, IReadOnlyList<string>? classNames)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(pipeline);
        if (classNames is not null)
            ClassList.RequireDistinct(classNames, nameof(classNames));
        ParquetTable table = ParquetTable.Read([.. ShardNames.Expand(files)], columns);
        return table.Rows.Count > 0 ? table : throw new ImageDataException(files, "it has no rows", "Give the files of an image set.");
    }

    private static ParquetStore StoreOf(ParquetTable table, int[] labels, IReadOnlyList<string> names, string? scratchFolder) => new(
        table.Rows, labels, names, new UnpackedImages(table.Rows, table.ImageColumn, scratchFolder ?? Path.GetTempPath()));
}
