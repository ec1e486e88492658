using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;

namespace VptDsl.Compiler.Tests.Planning;

/// <summary>Layers that are written as one loop differ in nothing but distances, which the loop can compute.</summary>
public sealed class OutliningTests
{
    public static TheoryData<int> Seeds { get; } = [.. TestTier.Seeds(Enumerable.Range(0, 30), every: 4)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Layers_of_a_loop_do_the_same_in_the_same_regions(int seed)
    {
        foreach (StepGroup group in Groups(seed))
        {
            Step[] first = group.Instances[0];
            foreach (Step[] layer in group.Instances)
            {
                Assert.Equal(first.Select(s => s.Call), layer.Select(s => s.Call));
                Assert.Equal(first.SelectMany(Regions), layer.SelectMany(Regions));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Groups_are_all_steps_in_their_order(int seed)
    {
        foreach (ProgramPlan plan in ModelCompiler.Analyze(Deepen(seed)).Programs)
            Assert.Equal(plan.Steps, StepGroups.Of(plan.Steps).SelectMany(g => g.Instances).SelectMany(steps => steps));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Layers_of_a_loop_follow_each_other(int seed) =>
        Assert.All(Groups(seed), group => Assert.Equal(
            Enumerable.Range(0, group.Instances.Count).Select(i => group.Scope.Layer + (group.Scope.Backward ? -i : i)),
            group.Layers));

    [Fact]
    public void Some_of_the_layers_are_loops() =>
        Assert.True(Enumerable.Range(0, 30).Count(seed => Groups(seed).Any(g => g.IsLoop)) >= 20);

    private static IEnumerable<Region> Regions(Step step) => step.Operands.Select(o => o.Address.Region);

    private static IEnumerable<StepGroup> Groups(int seed)
    {
        CompiledModel model = ModelCompiler.Analyze(Deepen(seed));
        return model.Programs.SelectMany(p => StepGroups.Of(p.Prepare).Concat(StepGroups.Of(p.Steps)));
    }

    /// <summary>
    /// A random declaration with more layers, of which few are drawn, and with patches so large that what the embedding makes of them
    /// is worth keeping: then the first layer reads from another region than the others.
    /// </summary>
    private static ModelSpec Deepen(int seed)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        if (spec.Backbone is ConvNeXtSpec convNeXt)
            return spec with { Backbone = convNeXt with { Depths = convNeXt.Depths.Select(d => d + 2).ToEquatableArray() } };
        if (spec.Backbone is ResNetSpec resNet)
            return spec with { Backbone = resNet with { Depths = resNet.Depths.Select(d => d + 2).ToEquatableArray() } };
        var vit = (VitSpec)spec.Backbone;
        int[] layers = [.. Enumerable.Range(0, vit.Layers + 4)];
        return spec with
        {
            Backbone = vit with { Layers = layers.Length, Patch = Enlarged(vit.Patch), Image = Enlarged(vit.Image) },
            Prompts = spec.Prompts is TokenPromptSpec { Layers.Count: > 1 } deep
                ? deep with { Layers = layers.ToEquatableArray() }
                : spec.Prompts,
        };

        static PlaneSize Enlarged(PlaneSize size) => new(8 * size.Height, 8 * size.Width);
    }
}
