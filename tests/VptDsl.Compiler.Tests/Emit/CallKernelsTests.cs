using VptDsl.Compiler.Common;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Tests.Emit;

/// <summary>
/// Protects calls that share kernels from each other: what they differ in is asked of each of them. A wrong amount of scratch memory
/// would be overwritten values on a GPU.
/// </summary>
public sealed class CallKernelsTests
{
    private const int Layers = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(Layers)]
    public void Scratch_memory_is_enough_for_every_call_of_a_shared_kernel(int promptedLayers)
    {
        CallKernels kernels = Of(promptedLayers);
        IReadOnlyList<Kernel> launched = [.. kernels.Calls.Calls.SelectMany(call => kernels[call])];
        ScratchSize most = ScratchSize.Of(launched);

        Assert.Contains(launched.GroupBy(kernel => kernel.Name), shared => shared.Select(kernel => kernel.Scratch).Distinct().Count() > 1);
        Assert.True(kernels.Scratch.Floats >= most.Floats);
        Assert.True(kernels.Scratch.PerImage >= most.PerImage);
    }

    /// <remarks>Their names are those of the file that all models share: one launch would have the other's groups.</remarks>
    [Theory]
    [InlineData(1)]
    [InlineData(Layers)]
    public void Calls_that_share_a_kernel_have_the_same_groups_and_parameters(int promptedLayers)
    {
        CallKernels kernels = Of(promptedLayers);

        foreach (var shared in kernels.Calls.Calls.SelectMany(call => kernels[call]).GroupBy(kernel => kernel.Name))
        {
            Kernel first = shared.First();
            Assert.All(shared, kernel =>
            {
                Assert.Equal(first.Sizes.Select(size => size.Name), kernel.Sizes.Select(size => size.Name));
                Assert.Equal(first.Operands.Select(operand => operand.Name), kernel.Operands.Select(operand => operand.Name));
                Assert.Equal(GroupOf(first), GroupOf(kernel));
            });
        }
    }

    private static (int X, int Y, int SharedFloats, int EachX, int EachY)? GroupOf(Kernel kernel) =>
        kernel.Groups is { } groups ? (groups.ThreadsX, groups.ThreadsY, groups.SharedFloats, groups.X.Each, groups.Y.Each) : null;

    private static CallKernels Of(int promptedLayers)
    {
        var vit = new VitSpec(Image: 32, Channels: 3, Patch: 4, Width: 64, Layers, Heads: 2, Mlp: 128);
        var prompts = new TokenPromptSpec(Tokens: 5, Enumerable.Range(0, promptedLayers).ToEquatableArray(), PromptFlow.Carry);
        var head = new ClassifierHeadSpec(Classes: 7);
        var spec = new ModelSpec(new("Models", "Flowers", "public"), vit, prompts, head, TrainedSet.PromptsAndHead);
        IEnumerable<Step> steps = ModelCompiler.Analyze(spec).Programs.SelectMany(program => program.Prepare.Concat(program.Steps));
        return new(new CallTable(steps));
    }
}
