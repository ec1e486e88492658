using System.Text.RegularExpressions;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Spec;
using VptDsl.Compiler.Tests.Planning;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Protocols;

/// <summary>
/// Protects the meaning of a protocol: steps change the values of exactly the parameters that the declaration says are trained. The
/// planned steps are run, on the memory that the plan gives them, so that a write to the wrong place shows too.
/// </summary>
public sealed partial class TrainedSetTests
{
    // Far above rounding, far below what a step changes.
    private const double Changed = 1e-10;

    // Far above the rounding of a difference of losses.
    private const double Flat = 1e-8;

    private static readonly TrainedSet[] Sets =
    [
        TrainedSet.PromptsAndHead, TrainedSet.Everything, new(Biases: true), new(LastLayers: 1), new(LastLayers: 2, Biases: true),
    ];

    /// <summary>Every kind of backbone; those that are not vision transformers take turns with the trained sets.</summary>
    private static readonly int[] Drawn =
        [
            .. Enumerable.Range(0, 500).Where(seed => seed < 60 || seed % 5 == 3),
            .. RandomDeclarations.OtherClassifiers,
        ];

    public static TheoryData<int> Seeds { get; } = [.. TestTier.Seeds(Drawn, every: 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Steps_change_what_is_declared_and_nothing_else(int seed)
    {
        ModelSpec spec = Draw(seed);
        CompiledModel model = ModelCompiler.Analyze(spec);
        IReadOnlyDictionary<string, double[]> before = RandomInputs.Draw(spec, seed).Parameters;
        IReadOnlyDictionary<string, double[]> after = Train(model, RandomInputs.Draw(spec, seed));

        HashSet<string> declared = Declared(spec, model.Parameters.Parameters);
        foreach (string name in before.Keys)
        {
            if (declared.Contains(name))
            {
                Assert.True(
                    before[name].Zip(after[name], (x, y) => Math.Abs(x - y)).Max() > Changed || Slope(spec, name, seed) < Flat,
                    $"{name} of {spec.Identity} is declared trained, and stays.");
            }
            else
            {
                Assert.True(before[name].SequenceEqual(after[name]), $"{name} of {spec.Identity} is not declared trained, and changes.");
            }
        }
    }

    [Fact]
    public void Every_kind_of_backbone_is_drawn_with_every_trained_set()
    {
        (Type, string)[] drawn = [.. Drawn.Select(Draw).Select(spec => (spec.Backbone.GetType(), spec.Trained.Identity)).Distinct()];
        Assert.All(
            from backbone in new[] { typeof(SwinSpec), typeof(ConvNeXtSpec), typeof(ResNetSpec) }
            from set in Sets
            select (backbone, set.Identity),
            pair => Assert.Contains(pair, drawn));
    }

    /// <summary>In the paper's public code, bias tuning of convolutional networks trains the head alone.</summary>
    [Theory]
    [InlineData(typeof(ConvNeXtSpec), "stages.0.0.dwconv.bias", "downsample_layers.0.0.bias", "norm.bias")]
    [InlineData(typeof(ResNetSpec), "layer1.0.bn1.bias", "bn1.bias", "layer4.0.bn2.bias")]
    [InlineData(typeof(SwinSpec), "layers.0.blocks.0.attn.relative_position_bias_table", "patch_embed.proj.bias", "norm.bias")]
    public void Bias_tuning_trains_the_biases_of_every_backbone(Type backbone, params string[] biases)
    {
        int seed = Drawn.First(seed => RandomDeclarations.Draw(seed).Backbone.GetType() == backbone);
        ModelSpec spec = RandomDeclarations.Draw(seed) with { Prompts = null, Trained = new(Biases: true) };

        // With two channels, rectifiers may let nothing through.
        if (spec.Backbone is ResNetSpec)
        {
            spec = spec with
            {
                Backbone = new ResNetSpec(16, spec.Backbone.Channels, 8, EquatableArray.Of(1, 1, 1, 1), EquatableArray.Of(8, 8, 8, 8), 1),
            };
        }

        CompiledModel model = ModelCompiler.Analyze(spec);
        GraphInputs inputs = RandomInputs.Draw(spec, seed);
        IReadOnlyDictionary<string, double[]> after = Train(model, inputs);

        Assert.All(biases, name => Assert.False(inputs.Parameters[name].SequenceEqual(after[name]), $"{name} stays."));
        Assert.All(
            model.Parameters.Parameters.Where(p => p.Kind == ParameterKind.Backbone),
            p => Assert.Equal(p.Name.Contains("bias", StringComparison.Ordinal), p.Trained));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Weight_decay_spares_the_biases_that_bias_tuning_trains(int seed)
    {
        CompiledModel model = ModelCompiler.Analyze(RandomDeclarations.Draw(seed) with { Trained = TrainedSet.Everything });
        Assert.All(
            model.Parameters.Parameters.Where(p => p.Trained),
            p => Assert.Equal(
                p.Name.Contains("bias", StringComparison.Ordinal), model.Parameters.OffsetOf(p) >= model.Parameters.FirstBias));
    }

    private static ModelSpec Draw(int seed)
    {
        ModelSpec drawn = RandomDeclarations.Draw(seed);

        // Of the first seeds every fifth is a convolutional network.
        int turn = drawn.Backbone is SwinSpec ? seed : seed / 5;
        return drawn.Backbone is VitSpec ? drawn : drawn with { Trained = Sets[turn % Sets.Length] };
    }

    /// <summary>
    /// How steep the loss is along a random direction of a parameter, by differences: 0 where no step can move it, as behind
    /// rectifiers that let nothing through, before a normalisation that takes shifts away, or for the bias of a single key.
    /// </summary>
    private static double Slope(ModelSpec spec, string parameter, int seed)
    {
        const double Distance = 1e-5;
        GraphInputs inputs = RandomInputs.Draw(spec, seed);
        double[] at = inputs.Parameters[parameter], direction = RandomInputs.Uniform(new Random(seed), at.Length, 1);
        return Math.Abs(Loss(Distance) - Loss(-Distance)) / (2 * Distance);

        double Loss(double distance) => GraphInterpreter.Evaluate(
            ClassifierGraph.Build(spec).Graph, inputs.With(parameter, [.. at.Zip(direction, (x, d) => x + (distance * d))])).Loss;
    }

    /// <summary>Every parameter after two steps of plain gradient descent.</summary>
    private static Dictionary<string, double[]> Train(CompiledModel model, GraphInputs inputs)
    {
        PlanMachine machine = PlanMachine.Start(model, inputs);
        machine.Run(model.Encoding?.Steps ?? []);
        for (int step = 0; step < 2; step++)
        {
            machine.Run(model.Training.Steps);
            machine.Descend(rate: 0.1);
        }

        return model.Parameters.Parameters.Select(p => p.AsMatrix(1))
            .ToDictionary(p => p.Parameter.Name, p => machine.Read(model.Parameters.AddressOf(p), p.Shape));
    }

    /// <summary>What the attributes' documentation says, by name; parameters are declared in the order in which images meet them.</summary>
    private static HashSet<string> Declared(ModelSpec spec, IReadOnlyList<Parameter> parameters)
    {
        var declared = new HashSet<string>();
        var blocks = new HashSet<string>();
        foreach (Parameter parameter in parameters)
        {
            if (BlockName().Match(parameter.Name) is { Success: true } block)
                blocks.Add(block.Value);

            // What leads from one block to the next goes with the block before it, and nothing before the first block is a layer.
            bool isLast = blocks.Count > Math.Max(0, spec.Backbone.Layers - spec.Trained.LastLayers);
            if (IsDeclared(spec, parameter.Name, isLast))
                declared.Add(parameter.Name);
        }

        return declared;
    }

    private const string Table = "relative_position_bias_table";

    private static bool IsDeclared(ModelSpec spec, string name, bool isLast)
    {
        if (name.StartsWith("head.", StringComparison.Ordinal))
            return !(spec.Head is ClassifierHeadSpec { FrozenStatistics: true } && name.Contains(".running_", StringComparison.Ordinal));
        if (name.StartsWith("prompts.", StringComparison.Ordinal))
            return spec.Prompts!.Trained;
        if (name.StartsWith("side.", StringComparison.Ordinal) || name.Contains(".adapter.", StringComparison.Ordinal))
            return true;
        if (name.Contains(".lora_", StringComparison.Ordinal))
            return !name.EndsWith(".lora_scale", StringComparison.Ordinal);
        if (name == "rotary" || (name == "pos_embed" && spec.Backbone is VitSpec { Positions: PositionEmbedding.SineCosine }))
            return false;
        if (name.Contains(".running_", StringComparison.Ordinal))
            return false;

        // Where prompts alone are pooled nothing reads the last layer's image tokens, which alone have relative positions.
        if (spec.Backbone is VitSpec { Pool: TokenPool.Prompts, Layers: var layers } && name == $"blocks.{layers - 1}.attn.{Table}")
            return false;
        if (spec.Prompts is ChannelPromptSpec { Trained: true } && Stem().IsMatch(name))
            return true;
        TrainedSet trained = spec.Trained;
        return trained.Backbone
            || (trained.LastLayers > 0 && isLast)
            || (trained.Biases && name.Contains("bias", StringComparison.Ordinal))
            || (trained.ClassToken && name == "cls_token");
    }

    [GeneratedRegex(@"^(blocks\.\d+|layers\.\d+\.blocks\.\d+|stages\.\d+\.\d+|layer\d+\.\d+)\.")]
    private static partial Regex BlockName();

    /// <summary>The convolution that channels are added to, and the normalisation right after it.</summary>
    [GeneratedRegex(@"^(patch_embed|downsample_layers\.0|conv1|bn1)\.")]
    private static partial Regex Stem();
}
