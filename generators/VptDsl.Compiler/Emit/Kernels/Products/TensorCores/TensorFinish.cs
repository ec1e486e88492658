using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Emit.Kernels;

/// <summary>Applies a product's epilogue and stores the result: what <see cref="ProductFinish"/> is in C#.</summary>
/// <remarks>
/// Sums lie in registers as tensor cores leave them. A block of rows of each warp at a time passes through shared memory, after which
/// neighbouring threads have neighbouring columns, four each where all operands are aligned.
/// </remarks>
internal sealed class TensorFinish
{
    private readonly PtxWriter _ptx;
    private readonly PtxRows _rows;
    private readonly ProductOperation _product;
    private readonly CallOperands _operands;
    private readonly KernelOperand _result;
    private readonly TensorTile _tile;
    private readonly Func<KernelOperand, string> _argument;
    private readonly PtxFunctions? _functions;
    private readonly int _unit;
    private readonly string[] _values, _bias, _others;

    /// <param name="ptx">Writes the kernel.</param>
    /// <param name="rows">Writes where rows begin.</param>
    /// <param name="product">The product.</param>
    /// <param name="operands">The operands of its call.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="argument">The address of an operand.</param>
    public TensorFinish(
        PtxWriter ptx, PtxRows rows, ProductOperation product, CallOperands operands, TensorTile tile, Func<KernelOperand, string> argument)
    {
        (_ptx, _rows, _product, _operands, _tile, _argument) = (ptx, rows, product, operands, tile, argument);
        _result = operands.Out(0);
        _unit = operands.Inputs.Skip(2).Append(_result).Concat(operands.Outputs).All(o => o.IsAlignedBy(4)) ? 4 : 1;
        _values = ptx.Floats("value", _unit);
        _others = ptx.Floats("other", _unit);
        _bias = product.Epilogue.Bias ? ptx.Floats("addend", _unit) : [];
        _functions = product.Epilogue.Activation is null ? null : new(ptx);
    }

    /// <summary>Threads that share a row.</summary>
    private int Across => _tile.Columns / _unit;

    /// <summary>Rows that all threads have at a time.</summary>
    private int Down => _tile.Threads / Across;

    /// <param name="sums">A warp's part of the result, <see cref="TensorMultiply.Sums"/>.</param>
    /// <param name="rowCount">How many rows there are.</param>
    public void Write(string[] sums, string rowCount)
    {
        _ptx.Comment("The result: a block of rows of each warp at a time passes through shared memory, and whole rows are stored.");
        string store = _ptx.Word("store"), column = _ptx.Word("column"), first = _ptx.Word("firstLoad"), load = _ptx.Word("load"),
            line = _ptx.Word("line"), passRow = _ptx.Word("passRow"), row = _ptx.Word("row"), part = _ptx.Word("part");
        string inColumns = _ptx.Predicate("inColumns"), inside = _ptx.Predicate("inside"), again = _ptx.Predicate("again");
        string address = _ptx.Long("address");

        _ptx.Line($"shr.u32 {store}, lane, 2; mad.lo.u32 {store}, warpDown, {TensorTile.BlockRows}, {store}; "
            + $"mul.lo.u32 {store}, {store}, {_tile.PassPitch};");
        _ptx.Line($"and.b32 {part}, lane, 3; shl.b32 {part}, {part}, 1; mad.lo.u32 {part}, warpAcross, {_tile.WarpColumns}, {part}; "
            + $"add.u32 {store}, {store}, {part}; shl.b32 {store}, {store}, 2; add.u32 {store}, {store}, {PtxWriter.Shared};");
        _ptx.Line($"and.b32 {part}, thread, {Across - 1}; mul.lo.u32 {part}, {part}, {_unit}; add.u32 {column}, firstColumn, {part}; "
            + $"setp.lt.u32 {inColumns}, {column}, {_result.Columns};");
        _ptx.Line($"shr.u32 {first}, thread, {Log(Across)}; mad.lo.u32 {first}, {first}, {_tile.PassPitch}, {part}; "
            + $"shl.b32 {first}, {first}, 2; add.u32 {first}, {first}, {PtxWriter.Shared};");
        if (_product.Epilogue.Bias)
        {
            _ptx.Line($"mov.b64 {address}, {_argument(_operands.In(ProductOperation.BiasInput))};");
            _rows.WriteAddColumn(address, column);
            _ptx.Lines(_bias.Select(value => $"mov.f32 {value}, {PtxWriter.Literal(0)};"));
            _ptx.Line($"@{inColumns} {Move("ld.global", _bias, address)}");
        }

        _ptx.Line($"mov.u32 {passRow}, firstRow;");
        _ptx.Label("PASS");
        _ptx.Line("bar.sync 0;");
        int blocks = 4 * _tile.ColumnBlocks;
        for (int i = 0; i < blocks; i += 4)
        {
            int bytes = i / 4 * TensorTile.BlockColumns * sizeof(float), below = 8 * _tile.PassPitch * sizeof(float);
            _ptx.Line($"st.shared.v2.f32 [{store}+{bytes}], {{{sums[i]}, {sums[i + 1]}}}; "
                + $"st.shared.v2.f32 [{store}+{bytes + below}], {{{sums[i + 2]}, {sums[i + 3]}}};");
        }

        _ptx.Line("bar.sync 0;");
        _ptx.Line($"mov.u32 {load}, {first}; shr.u32 {line}, thread, {Log(Across)};");
        _ptx.Label("ROW");
        _ptx.Line($"shr.u32 {row}, {line}, {Log(TensorTile.BlockRows)}; and.b32 {part}, {line}, {TensorTile.BlockRows - 1}; "
            + $"mad.lo.u32 {row}, {row}, {_tile.WarpRows}, {part}; add.u32 {row}, {row}, {passRow}; "
            + $"setp.lt.u32 {inside}, {row}, {rowCount}; and.pred {inside}, {inside}, {inColumns}; @!{inside} bra DONE;");
        _ptx.Line(_unit == 1
            ? $"ld.shared.f32 {_values[0]}, [{load}];"
            : $"ld.shared.v4.f32 {{{string.Join(", ", _values)}}}, [{load}];");
        WriteEpilogue(row, column, address);
        _ptx.Label("DONE");
        _ptx.Line($"add.u32 {load}, {load}, {Down * _tile.PassPitch * sizeof(float)}; add.u32 {line}, {line}, {Down}; "
            + $"setp.lt.u32 {again}, {line}, {_tile.PassRows}; @{again} bra ROW;");
        _ptx.Comment("What the next pass stores takes the place of what this one did.");
        _ptx.Lines(Enumerable.Range(blocks, sums.Length - blocks).Select(i => $"mov.f32 {sums[i - blocks]}, {sums[i]};"));
        _ptx.Line($"add.u32 {passRow}, {passRow}, {TensorTile.BlockRows}; sub.u32 {part}, {passRow}, firstRow; "
            + $"setp.lt.u32 {again}, {part}, {_tile.WarpRows}; @{again} bra PASS;");
    }

    private void WriteEpilogue(string row, string column, string address)
    {
        Epilogue epilogue = _product.Epilogue;
        if (epilogue.Bias)
            _ptx.Lines(_values.Zip(_bias, (value, addend) => $"add.rn.f32 {value}, {value}, {addend};"));
        if (_operands.Wanted(1) is { } beforeActivation)
        {
            WriteAddress(beforeActivation, row, column, address);
            _ptx.Line(Move("st.global", _values, address));
        }

        if (epilogue.Activation is Activate activate)
        {
            foreach (string value in _values)
                _functions!.WriteValue(activate.Kind, value);
        }

        if (epilogue.Activation is ActivationGradient gradient)
        {
            Load(_operands.In(_product.GateInput));
            for (int i = 0; i < _unit; i++)
                _functions!.WriteGradient(gradient.Kind, _values[i], _others[i]);
        }

        if (epilogue.Residual)
        {
            Load(_operands.In(_product.ResidualInput));
            _ptx.Lines(_values.Zip(_others, (value, residual) => $"add.rn.f32 {value}, {value}, {residual};"));
        }

        WriteAddress(_result, row, column, address);
        _ptx.Line(Move("st.global", _values, address));

        void Load(KernelOperand operand)
        {
            WriteAddress(operand, row, column, address);
            _ptx.Line(Move("ld.global", _others, address));
        }
    }

    /// <remarks>Where an operand has no batch but the result has, it is the same for every image.</remarks>
    private void WriteAddress(KernelOperand operand, string row, string column, string address)
    {
        if (_result.Batched && !operand.Batched && operand.Rows > 1)
        {
            _ptx.Line($"rem.u32 part, {row}, {operand.Rows};");
            row = "part";
        }

        _rows.WriteOffset(operand, row, address);
        _ptx.Line($"add.s64 {address}, {address}, {_argument(operand)};");
        _rows.WriteAddColumn(address, column);
    }

    /// <summary>A load or a store of the registers, of which there are one or four.</summary>
    private static string Move(string operation, string[] registers, string address)
    {
        bool isLoad = operation.StartsWith("ld", StringComparison.Ordinal);
        string values = registers.Length == 1 ? registers[0] : $"{{{string.Join(", ", registers)}}}";
        string type = registers.Length == 1 ? "f32" : "v4.f32";
        return isLoad ? $"{operation}.{type} {values}, [{address}];" : $"{operation}.{type} [{address}], {values};";
    }

    private static int Log(int powerOfTwo)
    {
        int log = 0;
        while (1 << log < powerOfTwo)
            log++;
        return log;
    }
}
