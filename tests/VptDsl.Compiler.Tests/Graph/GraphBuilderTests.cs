using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Programs;

namespace VptDsl.Compiler.Tests.Graph;

/// <summary>A graph that does not fit together is refused where it is built, not where it runs.</summary>
public sealed class GraphBuilderTests
{
    private readonly GraphBuilder _graph = new();
    private int _parameters;

    [Fact]
    public void Linear_layer_needs_a_weight_as_wide_as_its_input() =>
        Refuses(() => _graph.Linear(Batched(2, 4), Shared(3, 5), Shared(1, 3), "y"));

    [Fact]
    public void Linear_layer_needs_a_bias_as_wide_as_its_output() =>
        Refuses(() => _graph.Linear(Batched(2, 4), Shared(3, 4), Shared(1, 4), "y"));

    [Fact]
    public void Weights_have_no_batch() => Refuses(() => _graph.Multiply(ProductLayout.NT, Batched(2, 4), Batched(3, 4), "y"));

    [Fact]
    public void Input_gradient_needs_a_weight_as_high_as_the_output_is_wide() =>
        Refuses(() => _graph.Multiply(ProductLayout.NN, Batched(2, 4), Shared(3, 4), "y"));

    [Fact]
    public void Weight_gradient_needs_equally_many_rows() =>
        Refuses(() => _graph.Multiply(ProductLayout.TN, Batched(2, 4), Batched(3, 4), "y"));

    [Fact]
    public void Weight_gradient_needs_both_operands_with_a_batch_or_both_without() =>
        Refuses(() => _graph.Multiply(ProductLayout.TN, Batched(2, 4), Shared(2, 4), "y"));

    [Fact]
    public void Sum_needs_equal_matrices() => Refuses(() => _graph.Add(Batched(2, 4), Batched(3, 4), "y"));

    [Fact]
    public void Residual_of_a_product_without_a_batch_has_none() => Refuses(() => _graph.Add(
        new Product(ProductLayout.NT, new(false, null, Residual: true)),
        [Shared(2, 4), Shared(3, 4), Batched(2, 3)],
        "y",
        null));

    [Fact]
    public void Borders_fit_the_image() =>
        Refuses(() => _graph.PadImages(Batched(6, 3), Shared(4, 5), Shared(6, 4), channels: 2, size: 3, pixels: 1, "y"));

    [Fact]
    public void Gate_of_a_product_has_its_shape() => Refuses(() => _graph.Add(
        new Product(ProductLayout.NN, new(false, new ActivationGradient(ActivationKind.Gelu), false)),
        [Batched(2, 4), Shared(4, 3), Batched(2, 4)],
        "y",
        null));

    [Fact]
    public void Layer_norm_needs_a_scale_as_wide_as_its_input() =>
        Refuses(() => _graph.LayerNorm(Batched(2, 4), Shared(1, 3), Shared(1, 3), 1e-6, "y"));

    [Fact]
    public void Attention_needs_as_many_keys_as_values() =>
        Refuses(() => _graph.Attention(2, Batched(2, 4), [(Batched(3, 4), Batched(2, 4))], "y"));

    [Fact]
    public void Attention_needs_keys_as_wide_as_queries() =>
        Refuses(() => _graph.Attention(2, Batched(2, 4), [(Batched(3, 2), Batched(3, 2))], "y"));

    [Fact]
    public void Attention_needs_a_width_that_the_heads_divide() =>
        Refuses(() => _graph.Attention(3, Batched(2, 4), [(Batched(3, 4), Batched(3, 4))], "y"));

    [Fact]
    public void Bias_of_attention_is_shared_and_has_every_query_head_and_key()
    {
        foreach (Value bias in new[] { Shared(3, 6), Shared(2, 3), Shared(2, 10), Batched(2, 6) })
            Refuses(() => _graph.Attention(2, Batched(2, 4), [(Batched(3, 4), Batched(3, 4)), (Shared(2, 4), Shared(2, 4))], "y", bias));
    }

    [Fact]
    public void Biases_by_relative_position_have_a_row_for_each_position()
    {
        Refuses(() => _graph.One(new ExpandRelativeBias(new(2, 3)), [Shared(15, 2)], "y"));
        Refuses(() => _graph.One(new ExpandRelativeBias(new(0, 3)), [Shared(15, 2)], "y"));
        Refuses(() => _graph.One(new ExpandRelativeBias(new(2, 3, -1)), [Shared(18, 2)], "y"));
        Refuses(() => _graph.One(new ExpandRelativeBiasGradient(new(2, 3)), [Shared(7, 15)], "y"));
    }

    [Fact]
    public void Rows_must_be_there() => Refuses(() => _graph.Rows(Batched(3, 4), 2, 2, "y"));

    [Fact]
    public void Padding_must_hold_the_rows() => Refuses(() => _graph.PadRows(Batched(3, 4), 2, 4, "y"));

    [Fact]
    public void Columns_must_be_there() => Refuses(() => _graph.One(new SliceColumns(2, 3), [Batched(3, 4)], "y"));

    [Fact]
    public void Joined_rows_have_one_width() => Refuses(() => _graph.ConcatRows([Batched(3, 4), Batched(3, 2)], "y"));

    [Fact]
    public void Joined_columns_have_equally_many_rows() => Refuses(() => _graph.ConcatColumns([Batched(3, 4), Batched(2, 4)], "y"));

    [Fact]
    public void Joined_columns_all_have_a_batch_or_none() => Refuses(() => _graph.ConcatColumns([Batched(3, 4), Shared(3, 4)], "y"));

    [Fact]
    public void Images_must_be_there_to_be_summed() => Refuses(() => _graph.SumImages(Shared(3, 4)));

    [Fact]
    public void Logits_are_one_row_an_image()
    {
        Refuses(() => _graph.CrossEntropy(Batched(2, 4), _graph.Labels()));
        Refuses(() => _graph.CrossEntropy(Shared(1, 4), _graph.Labels()));
    }

    [Fact]
    public void Batch_norm_needs_rows_as_wide_as_its_input()
    {
        for (int wrong = 1; wrong < 5; wrong++)
        {
            Value[] inputs = [Batched(2, 4), .. Enumerable.Range(1, 4).Select(i => Shared(1, i == wrong ? 3 : 4))];
            Refuses(() => _graph.Add(new BatchNorm(1e-5, 0.1), inputs, "y", "statistics", null, null));
        }

        Refuses(() => _graph.Add(new BatchNormParameterGradient(1e-5), [Batched(2, 4), Batched(2, 4), Shared(1, 4)], "dGamma", "dBeta"));
        Refuses(() => _graph.One(
            new BatchNormGradient(1e-5), [Batched(2, 4), Batched(2, 4), Shared(2, 4), Shared(1, 4), Shared(1, 4), Shared(1, 3)], "dx"));
        Refuses(() => _graph.One(new DivideByDeviation(1e-5), [Shared(2, 4), Shared(2, 4)], "quotient"));
    }

    [Fact]
    public void Patches_come_from_images_of_the_stated_size() => Refuses(() => _graph.Patches(_graph.Images(3, 8), 3, 4, 2, "y"));

    [Fact]
    public void Added_rows_must_fit_into_the_sum() => Refuses(() => _graph.One(new AddRows(2), [Batched(3, 4), Batched(2, 4)], "y"));

    [Fact]
    public void Added_rows_are_as_wide_as_the_sum() => Refuses(() => _graph.One(new AddRows(0), [Batched(3, 4), Batched(2, 3)], "y"));

    [Fact]
    public void Every_output_has_a_name_or_is_declined() =>
        Refuses(() => _graph.Add(new LayerNorm(1e-6), [Batched(2, 4), Shared(1, 4), Shared(1, 4)], "y"));

    [Fact]
    public void A_parameter_is_read_once()
    {
        Parameter parameter = Declare(2, 3);
        Assert.Same(_graph.Read(parameter.AsMatrix(2)), _graph.Read(parameter.AsMatrix(2)));
        Assert.NotSame(_graph.Read(parameter.AsMatrix(2)), _graph.Read(parameter.AsMatrix(3)));
    }

    [Fact]
    public void All_rows_of_a_value_and_a_single_part_are_the_value_itself()
    {
        Value x = Batched(3, 4);
        Assert.Same(x, _graph.Rows(x, 0, 3, "y"));
        Assert.Same(x, _graph.ConcatRows([x], "y"));
        Assert.Same(x, _graph.ConcatColumns([x], "y"));
    }

    private static void Refuses(Func<object> build) => Assert.Throws<GraphException>(build);

    private Value Shared(int rows, int columns) => _graph.Read(Declare(rows, columns).AsMatrix(rows));

    private Value Batched(int rows, int columns) =>
        _graph.Multiply(ProductLayout.NT, _graph.Rows(_graph.Images(1, 8), 0, rows, "part"), Shared(columns, 8), "x");

    private Parameter Declare(params int[] shape) =>
        new($"parameter{_parameters++}", EquatableArray.Of(shape), ParameterKind.Backbone, new(Distribution.Constant, 0), Trained: false);
}
