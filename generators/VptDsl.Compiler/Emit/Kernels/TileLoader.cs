namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Brings tiles of a product's operand from global into shared memory, where they lie as [2, depth, lines + padding]: a line is a row
/// of a, or a column of b, and of the two tiles one is multiplied while the next arrives.
/// </summary>
/// <remarks>
/// Consecutive threads load consecutive addresses. Lines beyond the last are read as the last one: what they add up to is not stored.
/// </remarks>
internal sealed class TileLoader
{
    private readonly KernelOperand _operand;
    private readonly bool _depthIsContiguous;
    private readonly int _lines, _depth, _threads, _pitch, _each;

    /// <param name="operand">What is loaded from.</param>
    /// <param name="depthIsContiguous">Whether neighbours in memory are summed over; else they are neighbouring lines.</param>
    /// <param name="lines">Lines of a tile.</param>
    /// <param name="tile">The tile of the product.</param>
    public TileLoader(KernelOperand operand, bool depthIsContiguous, int lines, ProductTile tile)
    {
        _operand = operand;
        _depthIsContiguous = depthIsContiguous;
        _lines = lines;
        _depth = tile.Depth;
        _threads = tile.Threads;
        _pitch = lines + tile.Padding;
        _each = lines * tile.Depth / tile.Threads;
        int inner = depthIsContiguous ? _depth : _lines;
        if (_each * tile.Threads != lines * tile.Depth || (_threads % inner != 0 && inner % _threads != 0))
            throw new ArgumentException($"{tile.Threads} threads cannot share out the loading of {lines} × {tile.Depth} elements.", nameof(tile));
    }

    private string Name => _operand.Name;

    /// <summary>Floats of one tile.</summary>
    public int TileFloats => _depth * _pitch;

    public void WriteShared(SourceWriter writer) =>
        writer.Line($"ArrayView<float> {Name}Tiles = SharedMemory.Allocate<float>({2 * TileFloats}); // [2, {_depth}, {_pitch}]");

    /// <param name="writer">Writes the kernel.</param>
    /// <param name="first">The first line of the tile.</param>
    /// <param name="last">The last line there is.</param>
    public void WriteIndices(SourceWriter writer, string first, string last)
    {
        if (_depthIsContiguous)
        {
            writer.Line($"int {Name}Depth = {Inner(_depth)}, {Name}Line = {Outer(_depth)};");
            for (int i = 0; i < _each; i++)
                writer.Line($"long {Name}Offset{i} = {_operand.RowOffset($"XMath.Min({first} + {Name}Line{Plus(OuterStep(i, _depth))}, {last})")};");
        }
        else
        {
            writer.Line($"int {Name}Depth = {Outer(_lines)}, {Name}Line = {Inner(_lines)};");
            foreach (int step in Enumerable.Range(0, _each).Select(i => InnerStep(i, _lines)).Distinct())
                writer.Line($"int {Name}Column{step} = XMath.Min({first} + {Name}Line{Plus(step)}, {last});");
        }
    }

    /// <summary>Loads this thread's share of the tile that begins at a depth.</summary>
    /// <param name="writer">Writes the kernel.</param>
    /// <param name="depth">Where the tile begins: a variable, or a variable and a constant.</param>
    /// <param name="end">Where the summed dimension ends, or null where no tile reaches beyond it.</param>
    /// <param name="declare">Whether the registers are declared here.</param>
    public void WriteLoad(SourceWriter writer, string depth, string? end, bool declare)
    {
        for (int i = 0; i < _each; i++)
        {
            string at, element;
            if (_depthIsContiguous)
            {
                at = $"{depth} + {Name}Depth{Plus(InnerStep(i, _depth))}";
                element = $"{Name}[{Name}Offset{i} + {at}]";
            }
            else
            {
                at = $"{depth} + {Name}Depth{Plus(OuterStep(i, _lines))}";
                element = $"{Name}[{_operand.RowOffset($"({at})")} + {Name}Column{InnerStep(i, _lines)}]";
            }

            writer.Line($"{(declare ? "float " : "")}{Name}Next{i} = {(end is null ? element : $"{at} < {end} ? {element} : 0")};");
        }
    }

    /// <summary>Stores what was loaded in the shared tile that begins at an offset.</summary>
    public void WriteStore(SourceWriter writer, string tile)
    {
        for (int i = 0; i < _each; i++)
        {
            int depthStep = _depthIsContiguous ? InnerStep(i, _depth) : OuterStep(i, _lines);
            int lineStep = _depthIsContiguous ? OuterStep(i, _depth) : InnerStep(i, _lines);
            writer.Line($"{Name}Tiles[{tile}{Name}Depth * {_pitch} + {Name}Line{Plus((depthStep * _pitch) + lineStep)}] = {Name}Next{i};");
        }
    }

    /// <summary>The element of a shared tile at a depth and a line.</summary>
    public string At(string tile, string depth, string line) => $"{Name}Tiles[{tile}{depth} * {_pitch} + {line}]";

    // Element i of a thread is number thread + i · threads of the tile, which is cut into runs of contiguous elements.
    private string Inner(int run) => _threads <= run ? "thread" : $"thread % {run}";

    private string Outer(int run) => _threads <= run ? "0" : $"thread / {run}";

    private int InnerStep(int i, int run) => _threads >= run ? 0 : i * _threads % run;

    private int OuterStep(int i, int run) => i * _threads / run;

    private static string Plus(int constant) => constant == 0 ? "" : $" + {constant}";
}
