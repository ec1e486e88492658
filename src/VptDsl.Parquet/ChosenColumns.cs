using System.Collections.Immutable;
using Parquet.Schema;
using VptDsl.Common;
using VptDsl.Data;

namespace VptDsl.Parquet;

/// <summary>The columns of a file that a set is made of.</summary>
/// <param name="ImageName">The name of the column of images.</param>
/// <param name="Image">Where their bytes are.</param>
/// <param name="LabelName">The name of the column of classes.</param>
/// <param name="Label">Where the classes are.</param>
/// <param name="ClassNames">The names that the file gives the classes; empty where it gives none.</param>
internal sealed record ChosenColumns(
    string ImageName, DataField Image, string LabelName, DataField Label, ImmutableArray<string> ClassNames)
{
    /// <summary>What files of the datasets library have in an image's structure.</summary>
    private const string Bytes = "bytes";

    private static readonly ImmutableArray<string> UsualImages = ["image", "img"], UsualLabels = ["label", "labels"];

    /// <summary>Finds the columns that are wanted.</summary>
    /// <exception cref="ImageDataException">There is none that it could be, or several.</exception>
    public static ChosenColumns Of(ShardReader file, ColumnNames wanted)
    {
        HubFeatures said = HubFeatures.Of(file.Metadata);
        (string imageName, DataField image) = Choose(
            file, "images", "imageColumn", wanted.Image, Candidates(file, ImageOf), said.Images.Contains, UsualImages, () => null);
        (string labelName, DataField label) = Choose(
            file, wanted.HasLists ? "lists of classes" : "classes", "labelColumn", wanted.Label,
            Candidates(file, field => LabelOf(field, wanted.HasLists)), said.ClassNames.ContainsKey, UsualLabels,
            () => LabelsAreOtherwise(file, wanted.HasLists));
        ImmutableArray<string> names = IsText(label) ? [] : said.ClassNames.GetValueOrDefault(labelName, []);
        return ClassList.Unnamed(names) is null && ClassList.Repeated(names) is null
            ? new ChosenColumns(imageName, image, labelName, label, names)
            : throw new ImageDataException(
                file.Path, $"the classes that it names for {Quoted.Name(labelName)} have no name or the same one",
                "Write it again with a name for each.");
    }

    /// <summary>Where the images of a column are, whose name is known.</summary>
    /// <exception cref="ImageDataException">There is no such column.</exception>
    public static DataField ImageOf(ShardReader file, string name) =>
        file.Schema.Fields.Where(field => field.Name == name).Select(ImageOf).FirstOrDefault(data => data is not null)
            ?? throw file.Damaged($"there is no column {Quoted.Name(name)} of images any more");

    /// <summary>Whether a column's values are text.</summary>
    public static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static (string Name, DataField Data) Choose(
        ShardReader file, string what, string argument, string? asked, (string Name, DataField Data)[] candidates,
        Func<string, bool> isSaid, ImmutableArray<string> usual, Func<string?> remedy)
    {
        (string Name, DataField Data)[] found = asked is not null
            ? [.. candidates.Where(column => column.Name == asked)]
            : new Func<string, bool>[] { isSaid, _ => candidates.Length == 1, usual.Contains, _ => true }
                .Select(rule => candidates.Where(column => rule(column.Name)).ToArray())
                .FirstOrDefault(kept => kept.Length > 0) ?? [];
        if (found.Length == 1)
            return found[0];
        string there = $"its columns are {string.Join(", ", file.Schema.Fields.Select(field => Quoted.Name(field.Name)).Take(20))}";
        throw found.Length == 0
            ? new ImageDataException(
                file.Path,
                asked is null ? $"no column holds {what}; {there}" : $"there is no column {Quoted.Name(asked)} that holds {what}; {there}",
                remedy() ?? $"Name the column ({argument}), or give another file.")
            : new ImageDataException(
                file.Path, $"several columns could hold {what}: {string.Join(", ", found.Select(column => Quoted.Name(column.Name)))}",
                $"Name one of them ({argument}).");
    }

    /// <summary>What to do with a file that has lists where single classes are wanted, or the other way round.</summary>
    private static string? LabelsAreOtherwise(ShardReader file, bool wantsLists)
    {
        if (Candidates(file, field => LabelOf(field, hasLists: !wantsLists)) is not [var other, ..])
            return null;
        return wantsLists
            ? $"Its column {Quoted.Name(other.Name)} has one class in each row: read it with {nameof(ParquetImages.Read)}, "
                + "for a head without MultiLabel."
            : $"Its column {Quoted.Name(other.Name)} has lists: read it with {nameof(ParquetImages.ReadMultiLabel)}, "
                + "for a head with MultiLabel = true.";
    }

    private static (string Name, DataField Data)[] Candidates(ShardReader file, Func<Field, DataField?> dataOf) =>
    [
        .. file.Schema.Fields.Select(field => (field.Name, Data: dataOf(field)))
            .Where(column => column.Data is not null).Select(column => (column.Name, column.Data!)),
    ];

    private static DataField? ImageOf(Field field) => field switch
    {
        DataField { IsArray: false } data when IsBinary(data) => data,
        StructField structure => structure.Fields.OfType<DataField>()
            .FirstOrDefault(data => data is { Name: Bytes, IsArray: false } && IsBinary(data)),
        _ => null,
    };

    private static DataField? LabelOf(Field field, bool hasLists) => (field, hasLists) switch
    {
        (DataField data, _) when data.IsArray == hasLists && IsLabel(data) => data,
        (ListField { Item: DataField { IsArray: false } item }, true) when IsLabel(item) => item,
        _ => null,
    };

    private static bool IsBinary(DataField data) => data.ClrType == typeof(byte[]) || data.ClrType == typeof(ReadOnlyMemory<byte>);

    private static bool IsLabel(DataField data) => IsText(data) || LabelColumn.IsWhole(data.ClrType);
}
