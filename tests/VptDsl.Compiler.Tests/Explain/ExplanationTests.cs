using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using VptDsl.Testing;

namespace VptDsl.Compiler.Tests.Explain;

/// <summary>
/// What users are told of a Swin transformer's training step. EmittedCodeTests of VptDsl.Generators.Tests has the explanations of vision
/// transformers.
/// </summary>
public sealed class ExplanationTests
{
    [Fact]
    public void Deep_prompts_of_a_Swin_transformer()
    {
        var swinB = new SwinSpec(224, 3, Patch: 4, Width: 128, EquatableArray.Of(2, 2, 18, 2), EquatableArray.Of(4, 8, 16, 32), Window: 7);
        Snapshot.Match(ModelCompiler.Analyze(new(
            new("Explained", "Tuner", "public"),
            swinB,
            new TokenPromptSpec(Tokens: 50, Enumerable.Range(0, swinB.Layers).ToEquatableArray(), PromptFlow.Carry),
            new ClassifierHeadSpec(Classes: 100),
            TrainedSet.PromptsAndHead)).Explanation);
    }
}
