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
        SwinPreset preset = SwinPreset.Find(2)!;
        Snapshot.Match(ModelCompiler.Analyze(new(
            new("Explained", "Tuner", "public"),
            new SwinSpec(Image: 224, Channels: 3, Patch: 4, preset.Width, preset.Depths, preset.Heads, Window: 7),
            new TokenPromptSpec(Tokens: 50, Enumerable.Range(0, preset.Depths.Sum()).ToEquatableArray(), Spec.PromptFlow.Carry),
            new ClassifierHeadSpec(Classes: 100),
            TrainedSet.PromptsAndHead)).Explanation);
    }
}
