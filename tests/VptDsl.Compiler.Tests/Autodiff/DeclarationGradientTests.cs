using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Passes;
using VptDsl.Compiler.Spec;
using VptDsl.Testing;
using VptDsl.Testing.Declarations;

namespace VptDsl.Compiler.Tests.Autodiff;

/// <summary>Whole random models: their gradients are the slopes of their loss, and reach exactly what is trained.</summary>
public sealed class DeclarationGradientTests
{
    private static readonly int[] All =
        [.. TestTier.Seeds([.. Enumerable.Range(0, 30), .. RandomDeclarations.OtherKinds], every: 4)];

    public static TheoryData<int> Seeds { get; } = [.. All];

    /// <summary>Those without rectifiers: a step of the difference quotient may cross a kink, where there is no slope.</summary>
    public static TheoryData<int> SmoothSeeds { get; } = [.. All.Where(seed => IsSmooth(RandomDeclarations.Draw(seed)))];

    [Theory]
    [MemberData(nameof(SmoothSeeds))]
    public void Gradients_are_the_slopes_of_the_loss(int seed)
    {
        ModelSpec spec = RandomDeclarations.Draw(seed);
        ClassifierGraph model = ClassifierGraph.Build(spec);
        GradientCheck.Run(model.Graph, model.Parameters.Where(p => p.Trained), RandomInputs.Draw(spec, seed), directions: 1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Gradients_cover_each_trained_element_once(int seed)
    {
        ClassifierGraph model = ClassifierGraph.Build(RandomDeclarations.Draw(seed));
        DataflowGraph whole = PassList.Whole.Apply(ReverseMode.Differentiate(PassList.Forward.Apply(model.Graph)));
        foreach (DataflowGraph graph in new[] { ReverseMode.Differentiate(model.Graph), whole })
        {
            var slices = graph.Results.Where(r => r.Role == ResultRole.Gradient).Select(r => r.Parameter!).ToArray();
            Assert.All(slices, s => Assert.True(s.Parameter.Trained, $"{s} is frozen."));
            foreach (Parameter parameter in model.Parameters.Where(p => p.Trained))
            {
                long end = 0;
                foreach (ParameterSlice slice in slices.Where(s => s.Parameter == parameter).OrderBy(s => s.Offset))
                {
                    Assert.Equal(end, slice.Offset);
                    end += slice.Shape.Count;
                }

                Assert.Equal(parameter.Count, end);
            }
        }
    }

    private static bool IsSmooth(ModelSpec spec) => spec is
    {
        Backbone: not ResNetSpec,
        Head: ClassifierHeadSpec { HiddenLayers: 0 } or SegmentationHeadSpec { Decoder: SetrDecoder.Linear },
    };
}
