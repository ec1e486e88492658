using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Kernels.Tests.Operations;

/// <summary>Runs one case on a device and compares each output with the definition of the operation in double precision.</summary>
/// <remarks>
/// All operands lie in one region between floats that are NaN: what reads beside an operand shows in the result, and what writes
/// beside an output is found.
/// </remarks>
internal sealed class OperationRun
{
    private const int Gap = 5;

    /// <summary>What float32 computes is off by at most.</summary>
    public const double Tolerance = 1e-5;

    private readonly OperationCase _case;
    private readonly (string Name, Layout Layout, bool IsOutput)[] _operands;
    private readonly double[][] _values;
    private readonly long[] _offsets;
    private readonly float[] _memory;

    public OperationRun(OperationCase drawn, int seed)
    {
        _case = drawn;
        _operands = drawn.Call.Operands.ToArray();
        var random = new Random(seed);
        int inputs = drawn.Call.Inputs.Count;
        _values =
            _operands.Take(inputs).Select((o, i) => Draw(o.Name, o.Layout, drawn.Call.Inputs[0].Columns, drawn.IsLarge, random)).ToArray();
        _offsets = new long[_operands.Length];
        long end = Gap;
        for (int i = 0; i < _operands.Length; i++)
        {
            if (i == inputs && drawn.InPlace)
            {
                _offsets[i] = _offsets[drawn.Call.Operation.InPlaceInput];
                continue;
            }

            end = drawn.IsAligned ? (end + 3) / 4 * 4 : end;
            _offsets[i] = end;
            end = Offset(i, Batch - 1, _operands[i].Layout.Rows - 1, _operands[i].Layout.Columns) + Gap;
        }

        _memory = new float[end];
        Array.Fill(_memory, float.NaN);
        for (int i = 0; i < inputs; i++)
            Scatter(i, _values[i], _memory);
    }

    /// <param name="operations">The emitted operations of some device.</param>
    /// <param name="method">The method that computes the case.</param>
    /// <param name="tolerance">The largest error, relative to the largest value.</param>
    /// <param name="precision">What the definition multiplies.</param>
    /// <param name="share">How many of an output's elements have to be as close, of 1.</param>
    public void Check(
        IProgramDevice operations, Action<IProgramDevice, Slot[]> method, double tolerance = Tolerance,
        Precision precision = Precision.Float32, double share = 1)
    {
        operations.Batch = Batch;
        operations.Reserve(Region.Arena, _memory.Length + operations.ScratchFloats);
        operations.Write(new(Region.Arena, 0), _memory);
        method(operations, _offsets.Select(o => new Slot(Region.Arena, o)).ToArray());
        float[] after = new float[_memory.Length];
        operations.Read(new(Region.Arena, 0), after);

        BatchMatrix[] expected = Evaluate(precision);
        float[] untouched = (float[])_memory.Clone();
        for (int i = _case.Call.Inputs.Count, output = 0; i < _operands.Length; i++, output++)
        {
            double[] wanted = Broadcast(expected[output], _operands[i].Layout), actual = Gather(i, after);
            double error = RelativeError.Of(actual, wanted), largest = wanted.Max(Math.Abs);
            int close = actual.Zip(wanted).Count(pair => Math.Abs(pair.First - pair.Second) <= tolerance * largest);
            Assert.True(
                error <= tolerance || (share < 1 && close >= share * wanted.Length),
                $"{_operands[i].Name}: relative error {error:E2}, {close} of {wanted.Length} elements within {tolerance:E2}.");
            Scatter(i, actual, untouched);
        }

        Assert.True(
            untouched.AsSpan().SequenceEqual(after, EqualityComparer<float>.Default), "The operation wrote beside its outputs.");
    }

    private int Batch => _case.Batch;

    /// <summary>The operation on leaves: slices of the images where there is a batch, parameters where there is none.</summary>
    private BatchMatrix[] Evaluate(Precision precision)
    {
        var graph = new GraphBuilder();
        Layout[] layouts = _case.Call.Inputs.ToArray();
        int side = Math.Max(layouts.Where(l => l.Batched).Sum(l => l.Rows), layouts.Max(l => l.Columns));
        double[] images = new double[Batch * side * side];
        var parameters = new Dictionary<string, double[]>();
        int[] labels = [];
        Value pixels = graph.Images(channels: 1, side);
        var inputs = new List<Value>();
        for (int i = 0, row = 0; i < layouts.Length; i++)
        {
            Layout layout = layouts[i];
            if (_operands[i].Name == "labels")
            {
                labels = _values[i].Select(v => (int)v).ToArray();
                inputs.Add(graph.Labels(layout.Rows));
            }
            else if (layout.Batched)
            {
                for (int e = 0; e < _values[i].Length; e++)
                {
                    int column = e % layout.Columns, line = row + (e / layout.Columns % layout.Rows),
                        image = e / (layout.Columns * layout.Rows);
                    images[(((image * side) + line) * side) + column] = _values[i][e];
                }

                Value rows = graph.One(new SliceRows(row, layout.Rows), [pixels], "rows");
                inputs.Add(graph.One(new SliceColumns(0, layout.Columns), [rows], "operand"));
                row += layout.Rows;
            }
            else
            {
                var parameter = new Parameter(
                    $"operand{i}", EquatableArray.Of(layout.Rows, layout.Columns), ParameterKind.Prompt, new(Distribution.Constant, 0),
                    Trained: true);
                parameters.Add(parameter.Name, _values[i]);
                inputs.Add(graph.Read(parameter.AsMatrix(layout.Rows)));
            }
        }

        string?[] names = _case.Call.Outputs.Select((o, i) => o.Layout is null ? null : $"output{i}").ToArray();
        Node node = graph.Add(_case.Call.Operation, inputs, names);
        Evaluation evaluation = GraphInterpreter.Evaluate(graph.Build([]), new(Batch, parameters, images, labels), precision);
        return node.Outputs.Where(o => o is not null).Select(o => evaluation[o!]).ToArray();
    }

    /// <summary>Floats as doubles, so that reference and device compute with the same numbers.</summary>
    private double[] Draw(string name, Layout layout, int classes, bool large, Random random)
    {
        double[] values = new double[layout.Shape.Count * (layout.Batched ? Batch : 1)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = name == "labels" ? random.Next(classes)
                : name == "softening" ? DrawSoftening(i % ReadSoftening.Columns, classes, random)
                : name == "packed" ? DrawPair(random)
                : name == "noise" ? random.Next(1 << Dropout.HashBits)
                : large ? 10 * random.Next(-9, 10)
                : (float)((random.NextDouble() * 4) - 2);
        }

        return values;
    }

    /// <summary>Two numbers of bfloat16 between -2 and 2, as the bits of a float.</summary>
    private static double DrawPair(Random random)
    {
        uint Half() => Rounding.ToBFloat16(BitConverter.SingleToUInt32Bits((random.NextSingle() * 4) - 2));
        return PairRules.FromBits(Half() | (Half() << 16));
    }

    /// <summary>Half of the images have another class, half are smoothed: an image may have both or neither.</summary>
    /// <remarks>Not of one class alone: its gradient is 0, of which rounding would be all.</remarks>
    private static double DrawSoftening(int column, int classes, Random random) => column switch
    {
        0 => random.Next(classes),
        3 => 1 + random.Next(classes),
        _ => classes == 1 ? 0 : random.Next(2) * (float)(random.NextDouble() * 0.9),
    };

    private double[] Broadcast(BatchMatrix matrix, Layout layout) =>
        matrix.Shape.Batched == layout.Batched ? matrix.Elements : Enumerable.Repeat(matrix.Elements, Batch).SelectMany(e => e).ToArray();

    private double[] Gather(int operand, float[] memory)
    {
        var values = new List<double>();
        ForEach(operand, offset => values.Add(memory[offset]));
        return [.. values];
    }

    private void Scatter(int operand, double[] values, float[] memory)
    {
        int next = 0;
        ForEach(operand, offset => memory[offset] = (float)values[next++]);
    }

    private void ForEach(int operand, Action<long> visit)
    {
        Layout layout = _operands[operand].Layout;
        for (int image = 0; image < (layout.Batched ? Batch : 1); image++)
        {
            for (int row = 0; row < layout.Rows; row++)
            {
                for (int column = 0; column < layout.Columns; column++)
                    visit(Offset(operand, image, row, column));
            }
        }
    }

    private long Offset(int operand, int image, int row, int column)
    {
        Layout layout = _operands[operand].Layout;
        return _offsets[operand] + (image * layout.ImageStride) + (row * layout.RowStride) + column;
    }
}
