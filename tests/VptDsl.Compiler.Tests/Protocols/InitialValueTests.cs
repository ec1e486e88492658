using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Prompts;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Protocols;

/// <summary>What is added to a backbone starts where its documentation says: without effect, and able to learn.</summary>
public sealed class InitialValueTests
{
    private static readonly ModelSpec Probe = new(
        new("Tests", "Started", "public"),
        new VitSpec(Image: 4, Channels: 3, Patch: 2, Width: 8, Layers: 2, Heads: 2, Mlp: 12),
        null,
        new ClassifierHeadSpec(3),
        TrainedSet.PromptsAndHead);

    [Fact]
    public void Adapters_start_as_the_identity_and_can_leave_it()
    {
        ModelSpec adapted = Probe with { Adapter = new(Reduction: 2) };
        Evaluation expected = Start(Probe), started = Start(adapted);

        Assert.Equal(expected.Logits.Elements, started.Logits.Elements);
        IReadOnlyDictionary<string, double[]> gradients = started.Gradients();
        for (int layer = 0; layer < 2; layer++)
        {
            Assert.Contains(gradients[$"blocks.{layer}.adapter.up.weight"], g => Math.Abs(g) > 1e-6);
            Assert.Contains(gradients[$"blocks.{layer}.adapter.up.bias"], g => Math.Abs(g) > 1e-6);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(256)]
    public void An_adapter_keeps_the_size_of_its_input_for_any_bottleneck(int reduction)
    {
        ModelSpec spec = Probe with { Backbone = new VitSpec(224, 3, 16, 768, 1, 12, 3072), Adapter = new(reduction) };
        IReadOnlyList<Parameter> parameters = ClassifierGraph.Build(spec).Parameters;
        Assert.Equal(new(Distribution.Normal, Math.Sqrt(2.0 / 768)), Of(parameters, "blocks.0.adapter.down.weight"));
        Assert.Equal(new(Distribution.Constant, 0), Of(parameters, "blocks.0.adapter.down.bias"));
        Assert.Equal(new(Distribution.Constant, 0), Of(parameters, "blocks.0.adapter.up.weight"));
        Assert.Equal(new(Distribution.Constant, 0), Of(parameters, "blocks.0.adapter.up.bias"));
    }

    [Fact]
    public void A_side_network_starts_at_zero_beside_half_of_the_features()
    {
        Evaluation expected = Start(Probe), started = Start(Probe with { Side = new(Width: 4, Patch: 2) });

        double[] half = [.. expected.Embedding.Elements.Select(x => x / 2)];
        Assert.True(RelativeError.Of(started.Embedding.Elements, half) < 1e-12);
        IReadOnlyDictionary<string, double[]> gradients = started.Gradients();
        Assert.Contains(gradients["side.output.weight"], g => Math.Abs(g) > 1e-6);
        Assert.Contains(gradients["side.blend"], g => Math.Abs(g) > 1e-6);
    }

    /// <summary>The half-widths of the paper's code.</summary>
    [Theory]
    [InlineData(16, 768, 0.0625)]
    [InlineData(32, 768, 0.039528)]
    [InlineData(8, 768, 0.079057)]
    [InlineData(16, 1024, 0.057864)]
    [InlineData(14, 1280, 0.056674)]
    [InlineData(4, 96, 0.204124)]
    [InlineData(4, 128, 0.184637)]
    [InlineData(4, 192, 0.158114)]
    public void Prompts_are_drawn_as_wide_as_in_the_papers_code(int patch, int width, double limit) =>
        Assert.Equal(limit, PromptTable.Limit(patch, width), 1e-6);

    [Theory]
    [InlineData(nameof(PromptDraw.Uniform), nameof(Distribution.Uniform), 0.547722557505166)]
    [InlineData(nameof(PromptDraw.Normal), nameof(Distribution.Normal), 0.02)]
    [InlineData(nameof(PromptDraw.Zero), nameof(Distribution.Constant), 0)]
    [InlineData(nameof(PromptDraw.ClassToken), nameof(Distribution.ClassToken), 0.02)]
    public void Prompts_start_from_what_is_declared(string draw, string distribution, double value)
    {
        ModelSpec spec = Probe with
        {
            Prompts = new TokenPromptSpec(3, EquatableArray.Of(0, 1), PromptFlow.Carry) { Draw = Enum.Parse<PromptDraw>(draw) },
        };
        foreach (Parameter prompt in ClassifierGraph.Build(spec).Parameters.Where(p => p.Kind == ParameterKind.Prompt))
        {
            Assert.Equal(distribution, prompt.Initializer.Distribution.ToString());
            Assert.Equal(value, prompt.Initializer.Value, 1e-12);
        }
    }

    private static Compiler.Graph.Initializer Of(IReadOnlyList<Parameter> parameters, string name) =>
        parameters.Single(p => p.Name == name).Initializer;

    /// <summary>The first step: the backbone and head hold any weights, what is added holds what it starts from.</summary>
    private static Evaluation Start(ModelSpec spec)
    {
        ClassifierGraph model = ClassifierGraph.Build(spec);
        GraphInputs inputs = RandomInputs.Draw(Probe, seed: 1);
        var parameters = new Dictionary<string, double[]>(inputs.Parameters);
        var random = new Random(2);
        foreach (Parameter added in model.Parameters.Where(p => !parameters.ContainsKey(p.Name)))
            parameters.Add(added.Name, Draw(added, random));
        return GraphInterpreter.Evaluate(ReverseMode.Differentiate(model.Graph), inputs with { Parameters = parameters });
    }

    private static double[] Draw(Parameter parameter, Random random) => parameter.Initializer.Distribution == Distribution.Constant
        ? [.. Enumerable.Repeat(parameter.Initializer.Value, (int)parameter.Count)]
        : RandomInputs.Uniform(random, parameter.Count, parameter.Initializer.Value * Math.Sqrt(3));
}
