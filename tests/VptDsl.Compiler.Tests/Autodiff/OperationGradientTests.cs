using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Tests.Autodiff;

/// <summary>Each operation's gradient rule agrees with the slope of the loss, for operands with and without a batch.</summary>
public sealed class OperationGradientTests
{
    /// <summary>Every kind, without a batch and with one.</summary>
    public static TheoryData<object, bool> Activations()
    {
        var cases = new TheoryData<object, bool>();
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            cases.Add(kind, false);
            cases.Add(kind, true);
        }

        return cases;
    }

    public static TheoryData<bool, bool> TwoOperands { get; } = new()
    {
        { false, false },
        { false, true },
        { true, false },
        { true, true },
    };

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    [InlineData(true, true, false)]
    public void Blends(bool aBatched, bool bBatched, bool gate)
    {
        var probe = new OperationProbe(24);
        probe.Check(probe.Graph.Blend(probe.Shared(1, 1, gate), probe.Operand(aBatched, 3, 4), probe.Operand(bBatched, 3, 4), "blend"));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Products_of_elements(bool a, bool b)
    {
        var probe = new OperationProbe(41);
        probe.Check(probe.Graph.Multiply(probe.Batched(3, 4, a), probe.Batched(3, 4, b), "product"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Turned_heads(bool interleaved)
    {
        var probe = new OperationProbe(42);
        Value table = probe.Shared(3, 8, trained: false);
        probe.Check(probe.Graph.One(new Rotate(interleaved, Back: false), [probe.Batched(3, 12), table], "turned"));
    }

    [Fact]
    public void Heads_as_rows()
    {
        var probe = new OperationProbe(43);
        Value heads = probe.Graph.One(new SplitHeads(3), [probe.Batched(2, 12)], "heads");
        Value normalized = probe.Graph.LayerNorm(heads, probe.Shared(1, 4), probe.Shared(1, 4), 1e-3, "normalized");
        probe.Check(probe.Graph.One(new JoinHeads(3), [normalized], "joined"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Linear_layer(bool batched)
    {
        var probe = new OperationProbe(1);
        probe.Check(probe.Graph.Linear(probe.Operand(batched, 5, 4), probe.Shared(3, 4), probe.Shared(1, 3), "y"));
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Linear_layer_of_which_one_operand_is_trained(bool input, bool weight, bool bias)
    {
        var probe = new OperationProbe(2);
        probe.Check(probe.Graph.Linear(probe.Batched(5, 4, input), probe.Shared(3, 4, weight), probe.Shared(1, 3, bias), "y"));
    }

    [Theory]
    [MemberData(nameof(TwoOperands))]
    public void Sum(bool a, bool b)
    {
        var probe = new OperationProbe(3);
        probe.Check(probe.Graph.Add(probe.Operand(a, 3, 4), probe.Operand(b, 3, 4), "sum"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sum_of_a_value_with_itself(bool batched)
    {
        var probe = new OperationProbe(4);
        Value x = probe.Operand(batched, 3, 4);
        probe.Check(probe.Graph.Add(x, x, "sum"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sum_with_a_row(bool batched)
    {
        var probe = new OperationProbe(22);
        probe.Check(probe.Graph.AddRow(probe.Operand(batched, 3, 4), probe.Shared(1, 4), "sum"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Some_of_it_dropped(bool batched)
    {
        var probe = new OperationProbe(26);
        probe.Check(probe.Graph.Dropout(probe.Operand(batched, 5, 4), 0.4, "dropped"));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activated(object kind, bool batched)
    {
        // Numbers that no step takes across the rectifier's corner.
        var probe = new OperationProbe(39);
        probe.Check(probe.Graph.Activate((ActivationKind)kind, probe.Operand(batched, 4, 3), "y"));
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    public void Layer_norm(bool batched, bool gamma, bool beta)
    {
        var probe = new OperationProbe(6);
        Value x = probe.Operand(batched, 3, 6);
        probe.Check(probe.Graph.LayerNorm(x, probe.Shared(1, 6, gamma), probe.Shared(1, 6, beta), 1e-6, "y"));
    }

    [Fact]
    public void Layer_norm_of_which_only_scale_and_shift_are_trained()
    {
        var probe = new OperationProbe(7);
        probe.Check(probe.Graph.LayerNorm(probe.Batched(3, 6, trained: false), probe.Shared(1, 6), probe.Shared(1, 6), 1e-6, "y"));
    }

    [Theory]
    [InlineData(1, true, "b")]
    [InlineData(2, true, "b")]
    [InlineData(2, false, "b")]
    [InlineData(2, true, "s")]
    [InlineData(3, false, "s")]
    [InlineData(2, true, "bs")]
    [InlineData(1, false, "bs")]
    [InlineData(2, true, "sbs")]
    public void Attention(int heads, bool batchedQuery, string segments)
    {
        var probe = new OperationProbe(8 + heads);
        int width = heads * 3;
        Value query = probe.Operand(batchedQuery, 3, width);
        (Value, Value)[] keysAndValues = segments
            .Select((kind, i) => (probe.Operand(kind == 'b', i + 2, width), probe.Operand(kind == 'b', i + 2, width)))
            .ToArray();
        probe.Check(probe.Graph.Attention(heads, query, keysAndValues, "y"));
    }

    [Fact]
    public void Attention_of_a_value_over_itself()
    {
        var probe = new OperationProbe(12);
        Value x = probe.Batched(4, 6);
        probe.Check(probe.Graph.Attention(2, x, [(x, x)], "y"));
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Attention_of_which_one_operand_is_trained(bool query, bool key, bool value)
    {
        var probe = new OperationProbe(13);
        (Value, Value) images = (probe.Batched(3, 4, trained: false), probe.Batched(3, 4, trained: false));
        (Value, Value) prompts = (probe.Shared(2, 4, key), probe.Shared(2, 4, value));
        probe.Check(probe.Graph.Attention(2, probe.Batched(2, 4, query), [images, prompts], "y"));
    }

    [Theory]
    [InlineData(1, true, "b")]
    [InlineData(2, true, "bs")]
    [InlineData(2, false, "bs")]
    [InlineData(2, false, "s")]
    [InlineData(3, true, "sb")]
    public void Attention_with_a_bias(int heads, bool batchedQuery, string segments)
    {
        var probe = new OperationProbe(27 + heads);
        int width = heads * 3;
        (Value, Value)[] keysAndValues = segments
            .Select((kind, i) => (probe.Operand(kind == 'b', i + 2, width), probe.Operand(kind == 'b', i + 2, width)))
            .ToArray();
        probe.Check(probe.Graph.Attention(
            heads, probe.Operand(batchedQuery, 3, width), keysAndValues, "y", probe.Shared(3, heads * keysAndValues[0].Item1.Shape.Rows)));
    }

    [Theory]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, false, false, true)]
    public void Attention_with_a_bias_of_which_one_operand_is_trained(bool query, bool images, bool prompts, bool bias)
    {
        var probe = new OperationProbe(31);
        (Value, Value) ofImages = (probe.Batched(3, 4, images), probe.Batched(3, 4, images));
        (Value, Value) ofPrompts = (probe.Shared(2, 4, prompts), probe.Shared(2, 4, prompts));
        probe.Check(probe.Graph.Attention(2, probe.Batched(2, 4, query), [ofImages, ofPrompts], "y", probe.Shared(2, 6, bias)));
    }

    [Theory]
    [InlineData(2, 2, 0)]
    [InlineData(3, 1, 2)]
    [InlineData(1, 1, 0)]
    public void Bias_by_relative_position(int height, int width, int inserted)
    {
        var probe = new OperationProbe(32);
        var positions = new RelativePositions(height, width, inserted);
        probe.Check(probe.Graph.One(new ExpandRelativeBias(positions), [probe.Shared(positions.Count, 2)], "bias"));
    }

    [Fact]
    public void Attention_by_relative_position()
    {
        var probe = new OperationProbe(33);
        var positions = new RelativePositions(2, 2);
        Value bias = probe.Graph.One(new ExpandRelativeBias(positions), [probe.Shared(positions.Count, 2)], "bias");
        (Value, Value)[] segments = [(probe.Batched(5, 4), probe.Batched(5, 4)), (probe.Shared(2, 4), probe.Shared(2, 4))];
        probe.Check(probe.Graph.Attention(2, probe.Batched(5, 4), segments, "y", bias));
    }

    [Theory]
    [MemberData(nameof(TwoOperands))]
    public void Rows_joined(bool a, bool b)
    {
        var probe = new OperationProbe(14);
        probe.Check(probe.Graph.ConcatRows([probe.Operand(a, 1, 4), probe.Operand(b, 3, 4), probe.Operand(a, 2, 4)], "rows"));
    }

    [Theory]
    [InlineData(false, 0, 2)]
    [InlineData(true, 1, 3)]
    [InlineData(true, 4, 1)]
    public void Rows_cut_out(bool batched, int start, int count)
    {
        var probe = new OperationProbe(15);
        probe.Check(probe.Graph.Rows(probe.Operand(batched, 5, 4), start, count, "rows"));
    }

    [Fact]
    public void Overlapping_rows_of_one_value()
    {
        var probe = new OperationProbe(16);
        Value x = probe.Batched(5, 4);
        Value upper = probe.Graph.Rows(x, 0, 3, "upper"), lower = probe.Graph.Rows(x, 1, 4, "lower");
        probe.Check(probe.Graph.ConcatRows([upper, lower, x], "rows"));
    }

    [Fact]
    public void Cross_entropy_of_many_classes()
    {
        var probe = new OperationProbe(17);
        probe.CheckLogits(probe.Batched(1, 7));
    }

    [Fact]
    public void Cross_entropy_of_mixed_and_smoothed_targets()
    {
        var probe = new OperationProbe(17) { Softened = true };
        probe.CheckLogits(probe.Batched(1, 7));
    }

    [Fact]
    public void Slices_of_one_parameter()
    {
        var probe = new OperationProbe(18);
        ParameterSlice whole = ((ReadParameter)probe.Shared(6, 4).Producer.Operation).Slice;
        Value first = probe.Graph.Read(whole.Parameter.Slice(0, 2, 4)), second = probe.Graph.Read(whole.Parameter.Slice(8, 4, 4));
        probe.Check(probe.Graph.ConcatRows([probe.Graph.Activate(ActivationKind.Gelu, second, "gelu"), first], "rows"));
    }

    [Theory]
    [InlineData(4, 2, 0, "")]
    [InlineData(4, 2, 1, "s")]
    [InlineData(6, 3, 1, "b")]
    [InlineData(3, 3, 0, "s")]
    public void Attention_in_windows(int side, int window, int shift, string prompts)
    {
        var probe = new OperationProbe(20);
        var grid = new WindowGrid(side, window, shift);
        Value[] operands = [.. Enumerable.Range(0, 3).Select(_ => probe.Batched(grid.Tokens, 4)), probe.Shared(grid.RelativePositions, 2)];
        if (prompts.Length > 0)
            operands = [.. operands, probe.Operand(prompts == "b", 3, 4), probe.Operand(prompts == "b", 3, 4)];
        probe.Check(probe.Graph.Add(new WindowAttention(2, grid, false, prompts.Length > 0), operands, "y", "sum").Outputs[0]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attention_of_prompts_in_windows(bool batched)
    {
        var probe = new OperationProbe(21);
        var grid = new WindowGrid(4, 2, 1);
        Value[] operands =
        [
            probe.Operand(batched, 3, 4),
            probe.Batched(16, 4),
            probe.Batched(16, 4),
            probe.Operand(batched, 3, 4),
            probe.Operand(batched, 3, 4),
        ];
        Value each = probe.Graph.Add(new WindowAttention(2, grid, true, true), operands, "y", "sum").Outputs[0]!;
        probe.Check(probe.Graph.One(new MeanOfGroups(grid.Windows), [each], "mean"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    public void Attention_in_windows_of_which_one_operand_is_trained(int trained)
    {
        var probe = new OperationProbe(22);
        Value[] operands =
        [
            probe.Batched(16, 4, trained == 0), probe.Batched(16, 4, false), probe.Batched(16, 4, false),
            probe.Shared(9, 2, trained == 3), probe.Shared(3, 4, trained == 4), probe.Shared(3, 4, trained == 4),
        ];
        probe.Check(probe.Graph.Add(new WindowAttention(2, new(4, 2, 1), false, true), operands, "y", "sum").Outputs[0]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Neighbours_merged(bool batched)
    {
        var probe = new OperationProbe(23);
        probe.Check(probe.Graph.One(new MergeNeighbours(4), [probe.Operand(batched, 16, 3)], "merged"));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    [InlineData(true, 6)]
    public void Mean_of_groups(bool batched, int groups)
    {
        var probe = new OperationProbe(24);
        probe.Check(probe.Graph.One(new MeanOfGroups(groups), [probe.Operand(batched, 6, 4)], "mean"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Columns_joined(bool batched)
    {
        var probe = new OperationProbe(25);
        Value x = probe.Operand(batched, 3, 4), y = probe.Operand(batched, 3, 2);
        probe.Check(probe.Graph.ConcatColumns([x, y, x], "columns"));
    }
}
