using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>
/// Matrix products by tiles: a group of threads computes a tile of the result, brings tiles of both operands into shared memory, and
/// each thread keeps its elements of the result in registers.
/// </summary>
/// <remarks>
/// Where the result has too few tiles to fill a device, the summed dimension is cut into slices, whose sums a second kernel adds up in
/// order: no atomics, so that runs can be repeated to the bit. A convolution is the product of a map's patches, which the loader of the
/// left operand gathers, and its weight.
/// </remarks>
internal sealed class TiledProductKernel
{
    private readonly ProductShape _shape;
    private readonly KernelSize _size;
    private readonly ProductTile _tile;
    private readonly KernelOperand _c;
    private readonly CallOperands _operands;
    private readonly ProductFinish _finish;
    private readonly TileLoader _a, _b;
    private readonly string _name, _summary;

    private TiledProductKernel(Product product, SlidingPatch? patches, Call call, string name, KernelOptions options)
    {
        CountedProduct counted = CountedProduct.Of(product, patches, call, options);
        (_shape, _operands, _size) = (counted.Shape, counted.Operands, counted.Size);
        _name = name;
        _summary = KernelFamilies.Summary(call, _operands);
        _c = _operands.Out(0);
        KernelOperand a = _operands.In(0), b = _operands.In(1);
        _tile = options.Product is { } tile
            ? TileModel.ChooseSlices(_shape, options.Limits, tile)
            : TileModel.Choose(_shape, options.Limits);
        _finish = new(product, _operands, name, IsSliced ? _c.Columns : _tile.ColumnSide.Share.Unit);
        _a = patches is null
            ? new(a, depthIsContiguous: product.Layout != ProductLayout.TN, _tile.RowSide, _tile)
            : new(a, patches, _tile.RowSide, _tile, IsSliced ? name + "Slices" : name);
        _b = new(b, depthIsContiguous: product.Layout == ProductLayout.NT, _tile.ColumnSide, _tile);
    }

    private int Across => _tile.Columns / _tile.ThreadColumns;

    private int Down => _tile.Rows / _tile.ThreadRows;

    private bool IsSliced => _tile.Slices > 1;

    private string Depth => _shape.DepthPerImage ? CountedProduct.SummedRows : SourceWriter.Literal(_shape.Depth);

    public static IReadOnlyList<Kernel> Create(Product product, Call call, string name, KernelOptions options) =>
        new TiledProductKernel(product, patches: null, call, name, options).Kernels();

    public static IReadOnlyList<Kernel> Create(SlidingProduct product, Call call, string name, KernelOptions options) =>
        new TiledProductKernel(new(ProductLayout.NT, product.Epilogue), product.Grid, call, name, options).Kernels();

    private IReadOnlyList<Kernel> Kernels() => IsSliced ? [Tiles(), SumOfSlices()] : [Tiles()];

    private Kernel Tiles()
    {
        var groups = new GroupLaunch(
            Across,
            Down,
            _tile.SharedFloats,
            new(_shape.RowsPerImage, _shape.Rows, _tile.Rows),
            new(PerImage: false, _shape.Columns, _tile.Columns),
            new(PerImage: false, _tile.Slices, 1));
        string cut = IsSliced ? $", cut into {_tile.Slices} slices" : "";
        string summary = $"{_summary} Tiles of {_tile.Rows} × {_tile.Columns} for {_tile.Threads} threads{cut}.";
        IReadOnlyList<KernelOperand> operands = IsSliced
            ? [_operands.In(0), _operands.In(1)]
            : [_operands.In(0), _operands.In(1), .. _finish.Operands];
        return new(IsSliced ? _name + "Slices" : _name, summary, operands, groups, WriteBody)
        {
            Registers = _tile.Registers,
            Scratch = ScratchOfSlices(),
            Sizes = [_size],
            WriteFunctions = WriteFunctions,
        };
    }

    private Kernel SumOfSlices()
    {
        int unit = _finish.Unit, columns = _c.Columns / unit;
        long count = _c.Layout.Shape.Count / unit;
        string elements = _shape.DepthPerImage ? $"{count}L" : $"rows * {columns}L";
        return new Kernel(_name, $"{_summary} Adds up the slices.", _finish.Operands, new ThreadCount(_c.Batched, count), writer =>
        {
            _finish.DeclareViews(writer);
            if (unit == 1)
            {
                writer.Line("float value = 0;");
                writer.Line($"for (int slice = 0; slice < {_tile.Slices}; slice++)");
                writer.Indented($"value += scratch[slice * {elements} + index];");
            }
            else
            {
                DeclareScratchFours(writer);
                writer.Line("Float4 value = default;");
                using (writer.Block($"for (int slice = 0; slice < {_tile.Slices}; slice++)"))
                {
                    writer.Line($"Float4 sum = scratch4[slice * {elements} + index];");
                    writer.Line("value = new(value.X + sum.X, value.Y + sum.Y, value.Z + sum.Z, value.W + sum.W);");
                }
            }

            writer.Line(_finish.Call($"index / {columns}", $"index % {columns}", "value"));
        })
        {
            Scratch = ScratchOfSlices(),
            Sizes = _shape.DepthPerImage ? [] : [_size],
            WriteFunctions = _finish.Write,
        };
    }

    private static void DeclareScratchFours(SourceWriter writer) => writer.Line("ArrayView<Float4> scratch4 = scratch.Cast<Float4>();");

    private long SliceFloats => _tile.Slices * _c.Layout.Shape.Count;

    private ScratchSize? ScratchOfSlices() => !IsSliced ? null : _shape.RowsPerImage ? new(0, SliceFloats) : new(SliceFloats, 0);

    private void WriteBody(SourceWriter writer)
    {
        _a.WriteShared(writer);
        _b.WriteShared(writer);
        if (!IsSliced)
            _finish.DeclareViews(writer);
        else if (StoredUnit == 4)
            DeclareScratchFours(writer);
        writer.Line($"int threadColumn = Group.IdxX, threadRow = Group.IdxY, thread = threadRow * {Across} + threadColumn;");
        if (_shape.DepthPerImage)
            writer.Line($"int rows = {SourceWriter.Literal(_shape.Rows)};");
        writer.Line($"int firstRow = Grid.IdxX * {_tile.Rows}, firstColumn = Grid.IdxY * {_tile.Columns};");
        WriteDepthRange(writer, out string begin, out string end, out bool isWhole);
        writer.Line();
        writer.Line("// The elements of a tile that this thread loads.");
        _a.WriteIndices(writer, "firstRow", "rows");
        _b.WriteIndices(writer, "firstColumn", SourceWriter.Literal(_shape.Columns));
        string? guard = isWhole ? null : end;
        _a.WriteLoad(writer, begin, guard, declare: true);
        _b.WriteLoad(writer, begin, guard, declare: true);
        _a.WriteStore(writer, null);
        _b.WriteStore(writer, null);
        writer.Line("Group.Barrier();");
        writer.Line();
        writer.Line($"// The elements of the result that this thread computes: {_tile.ThreadRows} rows, {_tile.ThreadColumns} columns, "
            + "interleaved with those of other threads.");
        foreach (int i in Enumerable.Range(0, _tile.ThreadRows))
            writer.Line($"float {string.Join(", ", Enumerable.Range(0, _tile.ThreadColumns).Select(j => $"{Sum(i, j)} = 0"))};");
        writer.Line($"int {_a.Tile} = 0, {_b.Tile} = 0;");
        using (writer.Block($"for (int depth = {begin}; depth < {end}; depth += {_tile.Depth})"))
        {
            writer.Line($"bool isLast = depth + {_tile.Depth} >= {end};");
            using (writer.Block("if (!isLast)"))
            {
                _a.WriteLoad(writer, $"depth + {_tile.Depth}", guard, declare: false);
                _b.WriteLoad(writer, $"depth + {_tile.Depth}", guard, declare: false);
            }

            writer.Line();
            WriteMultiply(writer);
            writer.Line();
            writer.Line($"{_a.Tile} = {_a.TileItems} - {_a.Tile};");
            writer.Line($"{_b.Tile} = {_b.TileItems} - {_b.Tile};");
            using (writer.Block("if (!isLast)"))
            {
                _a.WriteStore(writer, _a.Tile);
                _b.WriteStore(writer, _b.Tile);
            }

            writer.Line("Group.Barrier();");
        }

        writer.Line();
        WriteResults(writer);
    }

    private void WriteDepthRange(SourceWriter writer, out string begin, out string end, out bool isWhole)
    {
        begin = "0";
        end = SourceWriter.Literal(_shape.Depth);
        isWhole = !_shape.DepthPerImage && _shape.Depth % (_tile.Depth * _tile.Slices) == 0;
        if (!IsSliced)
        {
            end = Depth;
            return;
        }

        // Every slice but the last is a whole number of tiles.
        int step = _tile.Depth * _tile.Slices;
        string each = _shape.DepthPerImage
            ? $"({CountedProduct.SummedRows} + {step - 1}) / {step} * {_tile.Depth}"
            : SourceWriter.Literal((_shape.Depth + step - 1) / step * _tile.Depth);
        writer.Line($"int begin = Grid.IdxZ * {(_shape.DepthPerImage ? $"({each})" : each)};");
        writer.Line($"int end = XMath.Min(begin + {each}, {Depth});");
        begin = "begin";
        end = "end";
    }

    private void WriteMultiply(SourceWriter writer)
    {
        using (writer.Block($"for (int k = 0; k < {_tile.Depth}; k++)"))
        {
            _a.WriteRead(writer, "threadRow");
            _b.WriteRead(writer, "threadColumn");
            for (int i = 0; i < _tile.ThreadRows; i++)
            {
                writer.Line(string.Join(
                    " ", Enumerable.Range(0, _tile.ThreadColumns).Select(j => $"{Sum(i, j)} += {_a.Read(i)} * {_b.Read(j)};")));
            }
        }
    }

    /// <summary>Elements of the result that a thread stores at a time.</summary>
    private int StoredUnit => !IsSliced ? _finish.Unit : _shape.Columns % 4 == 0 ? _tile.ColumnSide.Share.Unit : 1;

    private string RowMethod => IsSliced ? _name + "SlicesRow" : _name + "Row";

    private void WriteResults(SourceWriter writer)
    {
        writer.Line($"int row = firstRow + {_tile.RowSide.Share.First("threadRow")}, "
            + $"column = firstColumn + {_tile.ColumnSide.Share.First("threadColumn")};");
        for (int i = 0; i < _tile.ThreadRows; i++)
        {
            string values = string.Concat(Enumerable.Range(0, _tile.ThreadColumns).Select(j => $", {Sum(i, j)}"));
            string arguments = !IsSliced ? _finish.Arguments : StoredUnit == 4 ? ", scratch4" : ", scratch";
            writer.Line($"{RowMethod}({Step("row", _tile.RowSide.Share.Step(i))}, rows, column{values}{arguments});");
        }
    }

    private void WriteFunctions(SourceWriter writer)
    {
        _a.WriteFunctions(writer);
        if (!IsSliced)
            _finish.Write(writer);
        int unit = StoredUnit;
        string values = string.Concat(Enumerable.Range(0, _tile.ThreadColumns).Select(j => $", float c{j}"));
        string scratch = unit == 4 ? "ArrayView<Float4> scratch4" : "ArrayView<float> scratch";
        writer.Line();
        writer.Summary(IsSliced
            ? "Stores what a thread has of a row of a slice."
            : "Finishes what a thread has of a row, as far as the row and its columns exist.");
        using (writer.Block(
            $"private static void {RowMethod}(int row, int rows, int column{values}{(IsSliced ? $", {scratch}" : _finish.Parameters)})"))
        {
            writer.Line("if (row >= rows)").Indented("return;");
            for (int j = 0; j < _tile.ThreadColumns; j += unit)
            {
                string column = Step("column", _tile.ColumnSide.Share.Step(j)),
                    place = unit == 1 ? column : $"{(j == 0 ? column : $"({column})")} / 4";
                string value = unit == 1 ? $"c{j}" : $"new({string.Join(", ", Enumerable.Range(j, unit).Select(c => $"c{c}"))})";
                string store = IsSliced
                    ? $"scratch{(unit == 1 ? "" : "4")}[((long)Grid.IdxZ * rows + row) * {_shape.Columns / unit} + {place}] = {value};"
                    : _finish.Call("row", place, value);
                if (_shape.Columns % _tile.Columns != 0)
                    writer.Line($"if ({column} < {_shape.Columns})").Indented(store);
                else
                    writer.Line(store);
            }
        }
    }

    /// <summary>The scalar of an element of the result that a thread computes.</summary>
    private string Sum(int row, int column) => RegisterTile.Scalar("c", row, column, _tile.ThreadColumns);

    private static string Step(string variable, int constant) => constant == 0 ? variable : $"{variable} + {constant}";
}
