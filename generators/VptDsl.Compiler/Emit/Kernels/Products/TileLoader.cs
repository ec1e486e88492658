using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Brings tiles of a product's operand from global into shared memory, where they lie as [2, depth, lines + padding]: a line is a row
/// of a, or a column of b, and of the two tiles one is multiplied while the next arrives.
/// </summary>
/// <remarks>
/// Consecutive threads load consecutive addresses, four floats at a time where the operand is aligned. Lines beyond the last are read as
/// the last ones: what they add up to is not stored.
/// </remarks>
internal sealed class TileLoader
{
    private readonly KernelOperand _operand, _source;
    private readonly bool _depthIsContiguous;
    private readonly TileSide _side;
    private readonly int _depth, _threads, _unit, _run, _each;
    private readonly ITileLines _lines;

    /// <param name="operand">What is loaded from.</param>
    /// <param name="depthIsContiguous">Whether neighbours in memory are summed over; else they are neighbouring lines.</param>
    /// <param name="side">The tile's lines.</param>
    /// <param name="tile">The tile of the product.</param>
    public TileLoader(KernelOperand operand, bool depthIsContiguous, TileSide side, ProductTile tile)
    {
        _operand = operand;
        _depthIsContiguous = depthIsContiguous;
        _side = side;
        _depth = tile.Depth;
        _threads = tile.Threads;
        int contiguous = depthIsContiguous ? _depth : side.Lines;
        _unit = operand.IsAlignedBy(4) && contiguous % 4 == 0 && tile.CanShare(side.Lines, contiguous, 4) ? 4 : 1;
        if (!tile.CanShare(side.Lines, contiguous, _unit))
        {
            throw new ArgumentException(
                $"{_threads} threads cannot share out the loading of {side.Lines} × {_depth} elements.", nameof(tile));
        }

        _run = contiguous / _unit;
        _each = side.Lines * _depth / _unit / _threads;
        _source = operand.InUnits(_unit);
        _lines = new MatrixLines(Name, _source, _unit);
    }

    /// <summary>Loads patches of a map as if they were the rows of a matrix.</summary>
    /// <param name="map">What is loaded from.</param>
    /// <param name="grid">The patches.</param>
    /// <param name="side">The tile's lines.</param>
    /// <param name="tile">The tile of the product.</param>
    /// <param name="kernel">The kernel's name.</param>
    public TileLoader(KernelOperand map, SlidingPatch grid, TileSide side, ProductTile tile, string kernel)
        : this(map, depthIsContiguous: true, side, tile) => _lines = new PatchLines(kernel, Name, _source, _unit, grid);

    private string Name => _operand.Name;

    private int Pitch => _side.Pitch;

    private bool IsWide => _unit == 4;

    /// <summary>The variable of where the tile that is read begins.</summary>
    public string Tile => Name + "Tile";

    /// <summary>
    /// Where the other of the two tiles begins, counted as the variable of the tile counts: in fours where they are read so.
    /// </summary>
    public int TileItems => _depth * Pitch / _side.Share.Unit;

    public void WriteShared(SourceWriter writer)
    {
        int floats = 2 * _depth * Pitch;
        if (_side.Share.Unit == 1)
        {
            writer.Line($"ArrayView<float> {Name}Tiles = SharedMemory.Allocate<float>({floats}); // [2, {_depth}, {Pitch}]");
        }
        else
        {
            writer.Line($"ArrayView<Float4> {Name}Tiles4 = SharedMemory.Allocate<Float4>({floats / 4}); // [2, {_depth}, {Pitch} / 4]");
            writer.Line($"ArrayView<float> {Name}Tiles = {Name}Tiles4.Cast<float>();");
        }

        if (IsWide)
            _operand.DeclareInFours(writer);
    }

    /// <param name="writer">Writes the kernel.</param>
    /// <param name="first">The first line of the tile.</param>
    /// <param name="count">How many lines there are in all.</param>
    public void WriteIndices(SourceWriter writer, string first, string count)
    {
        if (_depthIsContiguous)
        {
            writer.Line($"int {Name}Depth = {Times(Inner())}, {Name}Line = {Outer()};");
            for (int i = 0; i < _each; i++)
                _lines.WriteLine(writer, i, $"XMath.Min({first} + {Name}Line{Plus(OuterStep(i))}, {count} - 1)");
        }
        else
        {
            writer.Line($"int {Name}Depth = {Outer()}, {Name}Line = {Times(Inner())};");
            foreach (int step in InnerSteps())
            {
                string column = $"XMath.Min({first} + {Name}Line{Plus(step)}, {count} - {_unit})";
                writer.Line($"int {Name}Column{step} = {column}{(IsWide ? " / 4" : "")};");
            }
        }
    }

    /// <summary>Loads this thread's share of the tile that begins at a depth.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="depth">Where the tile begins: a variable, or a variable and a constant.</param>
    /// <param name="end">Where the summed dimension ends, or null where no tile reaches beyond it.</param>
    /// <param name="declare">Whether the registers are declared here.</param>
    public void WriteLoad(SourceWriter writer, string depth, string? end, bool declare)
    {
        string type = IsWide ? "Float4" : "float", nothing = KernelOperand.Nothing(_unit);
        if (_depthIsContiguous)
        {
            foreach (int step in InnerSteps())
                _lines.WriteDepth(writer, step, At(step), declare);
        }

        for (int i = 0; i < _each; i++)
        {
            string at = At(_depthIsContiguous ? InnerStep(i) : OuterStep(i));
            string element = _depthIsContiguous
                ? _lines.Element(i, InnerStep(i), at)
                : $"{_source.Name}[{_source.RowOffset($"({at})")} + {Name}Column{InnerStep(i)}]";
            writer.Line(
                $"{(declare ? type + " " : "")}{Name}Next{i} = {(end is null ? element : $"{at} < {end} ? {element} : {nothing}")};");
        }

        string At(int step) => $"{depth} + {Name}Depth{Plus(step)}";
    }

    /// <summary>Writes the methods that loads call.</summary>
    public void WriteFunctions(SourceWriter writer) => _lines.WriteFunctions(writer);

    /// <summary>Stores what was loaded in a shared tile.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="tile">The variable of where the tile begins, or null for the first.</param>
    public void WriteStore(SourceWriter writer, string? tile)
    {
        string floats = tile is null ? "" : _side.Share.Unit == 1 ? $"{tile} + " : $"{tile} * 4 + ";
        for (int i = 0; i < _each; i++)
        {
            int step = _depthIsContiguous ? (InnerStep(i) * Pitch) + OuterStep(i) : (OuterStep(i) * Pitch) + InnerStep(i);
            if (!_depthIsContiguous && IsWide && _side.Share.Unit == 4)
            {
                writer.Line($"{Name}Tiles4[{(tile is null ? "" : $"{tile} + ")}{Name}Depth * {Pitch / 4} + {Name}Line / 4{Plus(step / 4)}] "
                    + $"= {Name}Next{i};");
                continue;
            }

            for (int part = 0; part < _unit; part++)
            {
                int apart = part * (_depthIsContiguous ? Pitch : 1);
                string value = IsWide ? $"{Name}Next{i}.{"XYZW"[part]}" : $"{Name}Next{i}";
                writer.Line($"{Name}Tiles[{floats}{Name}Depth * {Pitch} + {Name}Line{Plus(step + apart)}] = {value};");
            }
        }
    }

    /// <summary>Reads a thread's lines of a shared tile at a depth.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="thread">The variable of the thread's place among those that share the lines.</param>
    public void WriteRead(SourceWriter writer, string thread)
    {
        for (int i = 0; i < _side.Share.Units; i++)
        {
            string line = $"{thread}{Plus(i * _side.Share.Threads)}";
            writer.Line(_side.Share.Unit == 1
                ? $"float {Name}{i} = {Name}Tiles[{Tile} + k * {Pitch} + {line}];"
                : $"Float4 {Name}{i} = {Name}Tiles4[{Tile} + k * {Pitch / 4} + {line}];");
        }
    }

    /// <summary>What <see cref="WriteRead"/> has read of one of the thread's lines.</summary>
    public string Read(int line) => _side.Share.Unit == 1 ? $"{Name}{line}" : $"{Name}{line / 4}.{"XYZW"[line % 4]}";

    // Item i of a thread is number thread + i · threads of the tile, which is cut into runs of contiguous items. An item has one or four
    // floats.
    private string Inner() => _threads <= _run ? "thread" : $"thread % {_run}";

    private string Outer() => _threads <= _run ? "0" : $"thread / {_run}";

    private int InnerStep(int i) => _threads >= _run ? 0 : i * _threads % _run * _unit;

    private int OuterStep(int i) => i * _threads / _run;

    private IEnumerable<int> InnerSteps() => Enumerable.Range(0, _each).Select(InnerStep).Distinct();

    private string Times(string items) => IsWide ? $"{items} * 4" : items;

    private static string Plus(int constant) => constant == 0 ? "" : $" + {constant}";
}
