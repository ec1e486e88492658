using System.Collections.Immutable;
using System.Numerics;
using Parquet.Schema;
using VptDsl.Common;
using VptDsl.Data;

namespace VptDsl.Parquet;

/// <summary>
/// The classes of the rows of all files: as the files write them, until all have been read and it is known which there are.
/// </summary>
/// <param name="ownNames">The names that the files give numbers; empty where they give none.</param>
internal sealed class LabelColumn(ImmutableArray<string> ownNames)
{
    private const string Remedy = "Correct it, or take the row out.";

    private readonly List<int> _codes = [];
    private readonly List<int> _ends = [];
    private readonly Dictionary<string, int> _spelled = new(StringComparer.Ordinal);

    /// <summary>The names that the files give numbers; empty where they give none.</summary>
    public ImmutableArray<string> OwnNames { get; } = ownNames;

    /// <summary>Whether classes can be whole numbers of a type.</summary>
    public static bool IsWhole(Type type) => type == typeof(long) || type == typeof(int) || type == typeof(short) || type == typeof(sbyte)
        || type == typeof(ulong) || type == typeof(uint) || type == typeof(ushort) || type == typeof(byte);

    /// <summary>Reads the classes of a row group, the last of the table.</summary>
    /// <exception cref="ImageDataException">A row has no class, or one that cannot be.</exception>
    public void Add(ShardReader shard, int group, ChosenColumns columns, RowTable rows)
    {
        DataField field = columns.Label;
        Action<ShardReader, int, DataField, RowTable> add = field.ClrType switch
        {
            _ when ChosenColumns.IsText(field) => AddNames,
            var type when type == typeof(long) => AddNumbers<long>,
            var type when type == typeof(int) => AddNumbers<int>,
            var type when type == typeof(short) => AddNumbers<short>,
            var type when type == typeof(sbyte) => AddNumbers<sbyte>,
            var type when type == typeof(ulong) => AddNumbers<ulong>,
            var type when type == typeof(uint) => AddNumbers<uint>,
            var type when type == typeof(ushort) => AddNumbers<ushort>,
            _ => AddNumbers<byte>,
        };
        add(shard, group, field, rows);
    }

    /// <summary>Where the labels of a row are, among all.</summary>
    public Range RangeOf(int row) => (row == 0 ? 0 : _ends[row - 1]).._ends[row];

    /// <summary>The names of the classes, and the labels of all rows.</summary>
    /// <param name="classNames">The names in the order of labels; null where the files say them.</param>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ImageDataException">A row has a class that is none of these, or one twice.</exception>
    public (IReadOnlyList<string> Names, int[] Labels) Resolve(IReadOnlyList<string>? classNames, RowTable rows)
    {
        string[]? spelled = _spelled.Count > 0 ? [.. _spelled.Keys] : OwnNames.Length > 0 ? [.. OwnNames] : null;
        IReadOnlyList<string> names = classNames ?? (_spelled.Count > 0 ? [.. _spelled.Keys.Order(StringComparer.Ordinal)] : spelled)
            ?? ListFile.NumberNames(_codes.Count == 0 ? 0 : _codes.Max() + 1);
        if (names.Count == 0)
            throw new ImageDataException(rows.Groups[0].File, "no row has a class", "Give the files of an image set.");
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int label = 0; label < names.Count; label++)
            labels.Add(names[label].Normalize(), label);
        int[] labelOf = spelled is null
            ? [.. Enumerable.Range(0, names.Count)]
            : [.. spelled.Select(name => labels.GetValueOrDefault(name.Normalize(), -1))];
        int[] resolved = [.. _codes.Select(code => code < labelOf.Length ? labelOf[code] : -1)];
        for (int row = 0; row < rows.Count; row++)
            RequireLabels(row, resolved.AsSpan(RangeOf(row)));
        return (names, resolved);

        void RequireLabels(int row, ReadOnlySpan<int> own)
        {
            for (int i = 0; i < own.Length; i++)
            {
                int code = _codes[RangeOf(row).Start.Value + i];
                string name = spelled is null ? FormattableString.Invariant($"{code}") : Quoted.Name(spelled[code]);
                if (own[i] < 0)
                {
                    throw new ImageDataException(
                        rows.Place(row), $"the class {name} is none of {ClassText.Of([.. names])}", "Correct it, or name the class too.");
                }

                if (own[..i].Contains(own[i]))
                    throw new ImageDataException(rows.Place(row), $"it has the class {name} twice", "Keep it once.");
            }
        }
    }

    private void AddNames(ShardReader shard, int group, DataField field, RowTable rows)
    {
        ColumnValues<ReadOnlyMemory<char>> read = shard.Read<ReadOnlyMemory<char>>(group, field);
        AddAll(shard, field, read, rows, (value, row) =>
        {
            string name = value.ToString().Normalize();
            if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
                throw new ImageDataException(rows.Place(row), $"{Quoted.Name(name)} is no name of a class", Remedy);
            if (!_spelled.TryGetValue(name, out int code))
                _spelled.Add(name, code = _spelled.Count);
            return code;
        });
    }

    private void AddNumbers<T>(ShardReader shard, int group, DataField field, RowTable rows)
        where T : struct, IBinaryInteger<T>
    {
        int classes = OwnNames.Length > 0 ? OwnNames.Length : ListFile.MaximumLabel + 1;
        AddAll(shard, field, shard.Read<T>(group, field), rows, (value, row) =>
            !T.IsNegative(value) && int.CreateSaturating(value) < classes ? int.CreateTruncating(value) : throw new ImageDataException(
                rows.Place(row),
                FormattableString.Invariant($"the class is {value}, and classes are 0 to {classes - 1}"),
                T.IsNegative(value) ? "Read a part of the set that has classes; test sets of contests often have none." : Remedy));
    }

    /// <summary>Walks through the places of a column: one for each value, each missing value, and each list that is empty.</summary>
    private void AddAll<T>(ShardReader shard, DataField field, ColumnValues<T> read, RowTable rows, Func<T, int, int> codeOf)
    {
        RowGroupPlace group = rows.Groups[^1];
        int row = group.Start - 1, taken = 0;
        int places = read.Definitions.Length > 0 ? read.Definitions.Length : read.Values.Length;
        string column = Quoted.Name(field.Path.ToString());
        for (int place = 0; place < places; place++)
        {
            bool beginsRow = read.Repetitions.Length == 0 || read.Repetitions[place] == 0;
            row += beginsRow ? 1 : 0;
            if (row < group.Start || row >= group.Start + group.Count)
                throw shard.Damaged($"row group {group.Index} has values of {column} for other rows than it has");
            if (beginsRow)
                _ends.Add(_codes.Count);
            int definition = read.Definitions.Length > 0 ? read.Definitions[place] : field.MaxDefinitionLevel;
            if (definition == field.MaxDefinitionLevel)
                _codes.Add(codeOf(read.Values[taken++], row));
            else if (!IsEmptyList(field, definition))
                throw new ImageDataException(rows.Place(row), "it has no class", "Give it one, or take the row out.");
            _ends[^1] = _codes.Count;
        }

        if (row != group.Start + group.Count - 1)
            throw shard.Damaged($"row group {group.Index} has too few values of {column}");
    }

    /// <summary>Whether a list is there and has nothing in it; a list that is missing, or an element that is, are not that.</summary>
    private static bool IsEmptyList(DataField field, int definition) =>
        field.MaxRepetitionLevel > 0 && definition == Math.Max(0, field.MaxDefinitionLevel - (field.IsNullable ? 2 : 1));
}
