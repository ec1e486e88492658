using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

public sealed class BackboneHashTests
{
    private readonly ModelDescription _model = SmallVit.Describe();

    [Fact]
    public void The_hash_is_the_one_its_documentation_defines()
    {
        var parameters = new ParameterDescription[]
        {
            new("b", [2], ParameterKind.Backbone, false, 0, default),
            new("a", [1, 1], ParameterKind.Backbone, false, 2, default),
        };

        string hash = BackboneHash.Compute(_model with { Parameters = [.. parameters] }, p => p.Name == "b" ? [1f, -2f] : [0.5f]);

        // Computed with Python's hashlib and struct from the definition in the remarks.
        Assert.Equal("0b545fc56af07e6ee3be177137f1a762d27fac352b5693e12573a49d5267230d", hash);
    }

    [Fact]
    public void The_order_of_parameters_does_not_matter()
    {
        var reversed = _model with { Parameters = [.. _model.Parameters.Reverse()] };

        Assert.Equal(BackboneHash.Compute(_model, SmallVit.Values), BackboneHash.Compute(reversed, SmallVit.Values));
    }

    [Fact]
    public void One_bit_of_one_value_matters()
    {
        float[] Changed(ParameterDescription parameter)
        {
            float[] values = SmallVit.Values(parameter);
            values[^1] = parameter.Name == "norm.bias" ? MathF.BitIncrement(values[^1]) : values[^1];
            return values;
        }

        Assert.NotEqual(BackboneHash.Compute(_model, SmallVit.Values), BackboneHash.Compute(_model, Changed));
    }

    [Fact]
    public void Prompts_heads_and_trained_parameters_do_not_matter()
    {
        var other = SmallVit.Describe(tokens: 7, classes: 2);
        var trained = SmallVit.Describe(trainedToo: "norm.bias");
        float[] WithTrained(ParameterDescription parameter) => parameter.Trained ? new float[parameter.Count] : SmallVit.Values(parameter);

        Assert.Equal(BackboneHash.Compute(_model, SmallVit.Values), BackboneHash.Compute(other, SmallVit.Values));
        Assert.Equal(BackboneHash.Compute(trained, SmallVit.Values), BackboneHash.Compute(trained, WithTrained));
    }

    [Fact]
    public void Hashing_while_loading_gives_the_same_hash()
    {
        var hash = new BackboneHash();
        foreach (var parameter in _model.Parameters)
        {
            hash.Add(parameter, SmallVit.Values(parameter));
        }

        Assert.Equal(BackboneHash.Compute(_model, SmallVit.Values), hash.Finish());
    }

    [Fact]
    public void Names_and_shapes_cannot_be_confused_with_each_other()
    {
        string Hash(string name, params int[] shape) => BackboneHash.Compute(
            _model with { Parameters = [new ParameterDescription(name, [.. shape], ParameterKind.Backbone, false, 0, default)] },
            parameter => new float[parameter.Count]);

        string[] hashes = [Hash("a", 2, 3), Hash("a", 3, 2), Hash("a", 6), Hash("b", 6)];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }
}
