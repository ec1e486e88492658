using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Tests.Protocols;

/// <summary>
/// The paper's Table 1 counts the parameters of all 24 tuned models, the backbone once where it is shared, in backbones. Those of our
/// declarations give its column.
/// </summary>
public sealed class TableOneTests
{
    private const double Backbone = 85_798_656;

    /// <summary>The classes of the five fine-grained tasks, and of VTAB's natural, specialized and structured ones.</summary>
    private static readonly int[] Classes =
    [
        200, 555, 102, 120, 196,
        100, 102, 47, 102, 37, 10, 397,
        2, 10, 45, 5,
        8, 6, 6, 4, 16, 16, 18, 9,
    ];

    private static readonly ModelSpec Linear = new(
        new("Tests", "Counted", "public"), new VitSpec(224, 3, 16, 768, 12, 12, 3072), null, new ClassifierHeadSpec(2),
        TrainedSet.PromptsAndHead);

    [Fact]
    public void Full() => AssertTotal(24.02, Linear with { Trained = TrainedSet.Everything }, isShared: false);

    [Fact]
    public void Linear_probe() => AssertTotal(1.02, Linear);

    [Fact]
    public void Partial_1() => AssertTotal(3.00, Linear with { Trained = new(LastLayers: 1) });

    [Fact]
    public void Mlp_3() => AssertTotal(1.35, Linear with { Head = new ClassifierHeadSpec(2) { HiddenLayers = 2 } });

    [Fact]
    public void Bias() => AssertTotal(1.05, Linear with { Trained = new(Biases: true) });

    /// <summary>The length was chosen for each task from 1 to 200; the paper's total is that of about 100 everywhere.</summary>
    [Fact]
    public void Vpt_shallow() => AssertTotal(1.04, Linear with { Prompts = Prompts(100, layers: 1) });

    /// <summary>As above: about 63 everywhere.</summary>
    [Fact]
    public void Vpt_deep() => AssertTotal(1.18, Linear with { Prompts = Prompts(63, layers: 12) });

    /// <summary>The reduction was chosen for each task from 8, 64 and 256, so that the paper's total lies between those.</summary>
    [Fact]
    public void Adapter()
    {
        Assert.InRange(1.23, Total(Linear with { Adapter = new(64) }), Total(Linear with { Adapter = new(8) }));
        AssertTotal(1.52, Linear with { Adapter = new(8) });
        AssertTotal(1.08, Linear with { Adapter = new(64) });
        AssertTotal(1.04, Linear with { Adapter = new(256) });
    }

    /// <summary>
    /// The paper's side network is AlexNet's convolutions and a linear layer from their 9,216 features: 3.69 ×. Ours has any width.
    /// </summary>
    [Fact]
    public void Sidetune()
    {
        const double AlexNet = 2_469_696 + (9_216 * 768);
        Assert.Equal(3.69, Total(Linear) + (Classes.Length * AlexNet / Backbone), 0.005);
        AssertTotal(1.05, Linear with { Side = new(Width: 64, Patch: 16) });
        AssertTotal(3.69, Linear with { Side = new(Width: 2416, Patch: 16) });
    }

    private static TokenPromptSpec Prompts(int tokens, int layers) =>
        new(tokens, Enumerable.Range(0, layers).ToEquatableArray(), PromptFlow.Carry);

    private static void AssertTotal(double expected, ModelSpec spec, bool isShared = true) =>
        Assert.Equal(expected, Total(spec, isShared), 0.005);

    private static double Total(ModelSpec spec, bool isShared = true)
    {
        double tuned = ClassifierGraph.Build(spec).Parameters.Where(p => p.Trained).Sum(p => p.Count);
        double perClass = spec.Backbone.FeatureWidth + 1;
        return (isShared ? 1 : 0) + Classes.Sum(classes => (tuned + ((classes - spec.Head.Classes) * perClass)) / Backbone);
    }
}
