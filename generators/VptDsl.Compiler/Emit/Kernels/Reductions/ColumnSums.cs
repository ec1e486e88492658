using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Sums down the columns of a matrix in two stages. A group has a tile of neighbouring columns and a slice of the rows: each of its threads
/// sums every so-many-th row of a column, a tree in shared memory adds those up. A second kernel adds up the slices, in order.
/// </summary>
/// <remarks>
/// Neighbouring threads read neighbouring columns. No atomics: the order is fixed, so that runs can be repeated to the bit.
/// </remarks>
internal sealed class ColumnSums
{
    private readonly string _name, _summary;
    private readonly KernelOptions _options;

    public ColumnSums(Call call, string name, KernelOptions options)
        : this(KernelFamilies.Summary(call), name, options)
    {
    }

    public ColumnSums(string summary, string name, KernelOptions options)
    {
        _summary = summary;
        _name = name;
        _options = options;
    }

    /// <summary>The matrices that the sums are of.</summary>
    public required IReadOnlyList<KernelOperand> Summed { get; init; }

    /// <summary>What else is read and written when the sums are known.</summary>
    public required IReadOnlyList<KernelOperand> Finished { get; init; }

    /// <summary>How many terms each sum has.</summary>
    public required ThreadCount Terms { get; init; }

    /// <summary>How many columns there are.</summary>
    public required int Columns { get; init; }

    /// <summary>The sums: variables, and what is added for <c>row</c> (or what <see cref="Index"/> says) and <c>column</c>.</summary>
    public required IReadOnlyList<(string Name, string Term)> Sums { get; init; }

    /// <summary>Writes what becomes of the sums of <c>column</c>.</summary>
    public required Action<SourceWriter> Finish { get; init; }

    /// <summary>Writes what a thread needs to know of <c>column</c> before it sums.</summary>
    public Action<SourceWriter> Prepare { get; init; } = _ => { };

    /// <summary>Writes what the sums' terms have in common, or <c>continue</c> where there are none.</summary>
    public Action<SourceWriter> PrepareTerms { get; init; } = _ => { };

    /// <summary>The variable that is summed over.</summary>
    public string Index { get; init; } = "row";

    /// <summary>Whether each image has sums of its own.</summary>
    public bool IsPerImage { get; init; }

    /// <summary>Where in the scratch memory the slices begin.</summary>
    public long ScratchStart { get; init; }

    private ReductionTile Tile => _options.Reduction ?? TileModel.ColumnReduction(_options.Limits);

    /// <remarks>Each image's sums have groups of their own, so that they need no slices.</remarks>
    private int Slices => IsPerImage ? 1 : TileModel.ReductionSlices(Terms, Columns, Tile);

    private ScratchSize? Scratch => Slices > 1 || ScratchStart > 0 ? new(ScratchStart + ((long)Sums.Count * Slices * Columns), 0) : null;

    /// <summary>The rows of all images.</summary>
    public static ThreadCount RowsOf(KernelOperand operand) => new(operand.Batched, operand.Rows);

    /// <summary>
    /// An element at <c>row</c> and <c>column</c>, where rows are those of all images; what has no batch is the same for every image.
    /// </summary>
    public static string At(KernelOperand operand, KernelOperand rows) =>
        operand.AtFlat(rows.Batched && !operand.Batched && operand.Rows > 1 ? $"(row % {operand.Rows})" : "row", "column");

    /// <inheritdoc cref="At(KernelOperand, KernelOperand)"/>
    public static string At(KernelOperand operand) => operand.AtFlat("row", "column");

    public IReadOnlyList<Kernel> Kernels() => Slices == 1 ? [Groups()] : [Groups(), SumOfSlices()];

    private Kernel Groups()
    {
        bool isSliced = Slices > 1;
        var groups = new GroupLaunch(
            Tile.Across,
            Tile.Down,
            Sums.Count * Tile.Threads,
            new(PerImage: false, Columns, Tile.Across),
            new(PerImage: false, Slices, 1),
            IsPerImage ? GroupCount.OnePerImage : GroupCount.One);
        string cut = isSliced ? $", cut into {Slices} slices" : "";
        return new(
            isSliced ? _name + "Slices" : _name,
            $"{_summary} {Tile.Down} threads for each of {Tile.Across} columns{cut}.",
            isSliced ? Summed : [.. Summed, .. Finished.Where(f => !Summed.Contains(f))],
            groups,
            WriteGroups)
        {
            Scratch = Scratch,
        };
    }

    private void WriteGroups(SourceWriter writer)
    {
        foreach ((string name, _) in Sums)
            TreeReduction.Declare(writer, $"{name}s", Tile.Threads);
        writer.Line($"int line = Group.IdxY, thread = line * {Tile.Across} + Group.IdxX;");
        bool isWhole = Columns % Tile.Across == 0;
        string column = $"Grid.IdxX * {Tile.Across} + Group.IdxX";
        writer.Line(isWhole ? $"int column = {column};" : $"int place = {column}, column = XMath.Min(place, {Columns - 1});");
        if (IsPerImage)
            writer.Line("int image = Grid.IdxZ;");
        string terms = Terms.PerImage ? Terms.Count == 1 ? "batch" : $"{Terms.Count} * batch" : $"{Terms.Count}";
        string begin = "line", end = terms;
        if (Slices > 1)
        {
            string each = Terms.PerImage ? $"({terms} + {Slices - 1}) / {Slices}" : $"{(Terms.Count + Slices - 1) / Slices}";
            writer.Line($"int each = {each}, begin = Grid.IdxY * each, end = XMath.Min(begin + each, {terms});");
            (begin, end) = ("begin + line", "end");
        }

        Prepare(writer);
        writer.Line($"float {string.Join(", ", Sums.Select(s => $"{s.Name} = 0"))};");
        using (writer.Block($"for (int {Index} = {begin}; {Index} < {end}; {Index} += {Tile.Down})"))
        {
            PrepareTerms(writer);
            foreach ((string name, string term) in Sums)
                writer.Line($"{name} += {term};");
        }

        writer.Line();
        new TreeReduction(Tile.Down, Tile.Across, "line").WriteSums(writer, [.. Sums.Select(s => ($"{s.Name}s", s.Name))]);
        using (writer.Block(isWhole ? "if (line == 0)" : $"if (line == 0 && place < {Columns})"))
        {
            for (int i = 0; i < Sums.Count; i++)
            {
                string sum = $"{Sums[i].Name}s[thread]";
                writer.Line(Slices > 1 ? $"scratch[{Slice(i, "Grid.IdxY")} + column] = {sum};" : $"{Sums[i].Name} = {sum};");
            }

            if (Slices == 1)
                Finish(writer);
        }
    }

    private Kernel SumOfSlices() => new(
        _name, $"{_summary} Adds up the slices.", Finished, new ThreadCount(PerImage: false, Columns), writer =>
        {
            writer.Line("int column = index;");
            writer.Line($"float {string.Join(", ", Sums.Select(s => $"{s.Name} = 0"))};");
            using (writer.Block($"for (int slice = 0; slice < {Slices}; slice++)"))
            {
                for (int i = 0; i < Sums.Count; i++)
                    writer.Line($"{Sums[i].Name} += scratch[{Slice(i, "slice")} + column];");
            }

            Finish(writer);
        })
    {
        Scratch = Scratch,
    };

    private string Slice(int sum, string slice)
    {
        long start = ScratchStart + ((long)sum * Slices * Columns);
        return start == 0 ? $"{slice} * {Columns}" : $"{start} + {slice} * {Columns}";
    }
}
