using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Spec;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Protocols;

/// <summary>Protects the meaning of a protocol: a step changes exactly the parameters that the declaration says are trained.</summary>
public sealed class TrainedSetTests
{
    /// <summary>Vision transformers, whose layers are found by name below.</summary>
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(0, 60).Concat(RandomDeclarations.Open).Concat(RandomDeclarations.Protocols).Where(seed => RandomDeclarations.Draw(seed).Backbone is VitSpec)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_step_changes_what_is_declared_and_nothing_else(int seed)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        ClassifierGraph model = ClassifierGraph.Build(spec);
        GraphInputs inputs = RandomInputs.Draw(spec, seed);
        var step = PassList.Whole.Apply(ReverseMode.Differentiate(PassList.Forward.Apply(model.Graph)));

        // One step of plain gradient descent, and what it measures.
        Evaluation evaluation = GraphInterpreter.Evaluate(step, inputs);
        IEnumerable<string> changed = evaluation.Gradients().Keys.Concat(evaluation.Statistics().Keys);

        Assert.Equal(model.Parameters.Select(p => p.Name).Where(n => IsDeclared(spec, n)).Order(), changed.Order());
    }

    /// <summary>What the attributes' documentation says, by name.</summary>
    private static bool IsDeclared(ModelSpec spec, string name)
    {
        if (name.StartsWith("head.", StringComparison.Ordinal))
            return !(spec.Head is ClassifierHeadSpec { FrozenStatistics: true } && name.Contains(".running_", StringComparison.Ordinal));
        if (name.StartsWith("prompts.", StringComparison.Ordinal))
            return spec.Prompts!.Trained;
        if (name.StartsWith("side.", StringComparison.Ordinal) || name.Contains(".adapter.", StringComparison.Ordinal))
            return true;
        if (name == "pos_embed" && spec.Backbone is VitSpec { Positions: Spec.PositionEmbedding.SineCosine })
            return false;
        if (spec.Prompts is ChannelPromptSpec { Trained: true } && name.StartsWith("patch_embed.", StringComparison.Ordinal))
            return true;
        TrainedSet trained = spec.Trained;
        bool isLast = name.StartsWith("norm.", StringComparison.Ordinal) || name.StartsWith("fc_norm.", StringComparison.Ordinal)
            || Enumerable.Range(spec.Backbone.Layers - trained.LastLayers, trained.LastLayers)
                .Any(layer => name.StartsWith($"blocks.{layer}.", StringComparison.Ordinal));
        return trained.Backbone
            || (trained.LastLayers > 0 && isLast)
            || (trained.Biases && name.EndsWith(".bias", StringComparison.Ordinal))
            || (trained.ClassToken && name == "cls_token");
    }
}
