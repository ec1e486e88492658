using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Tests.Passes;

/// <summary>A prompted Swin transformer after the passes, and questions about what is left of it.</summary>
/// <remarks>
/// Five blocks in three stages, whose grids have 16, 4 and 1 windows of 4 × 4 tokens where images have 32 pixels. No grid has as many
/// tokens as there are prompts.
/// </remarks>
internal sealed class PrunedSwin : PrunedProgram
{
    public const int PromptTokens = 5, Blocks = 5, Classes = 3;

    public static readonly SwinSpec Small = new(
        Image: 32, Channels: 3, Patch: 2, Width: 6, EquatableArray.Of(2, 2, 1), EquatableArray.Of(1, 2, 3), Window: 4);

    private PrunedSwin(SwinSpec swin, TokenPromptSpec? prompts)
        : base(new(new("Pruned", "Swin", "public"), swin, prompts, new ClassifierHeadSpec(Classes), TrainedSet.PromptsAndHead)) =>
        Swin = swin;

    public SwinSpec Swin { get; }

    /// <summary>The multiply-adds of an image's forward pass, in products and attention.</summary>
    public long ForImage => Total(batched: true);

    /// <summary>The multiply-adds of a forward pass that no image adds to.</summary>
    public long ForStep => Total(batched: false);

    public static PrunedSwin Prompted(params int[] blocks) => Prompted(Small, blocks);

    public static PrunedSwin Prompted(SwinSpec swin, params int[] blocks) =>
        new(swin, new(PromptTokens, blocks.ToEquatableArray(), PromptFlow.Carry));

    /// <summary>Prompts in a block and in all after it.</summary>
    public static PrunedSwin PromptedFrom(int first) => Prompted([.. Enumerable.Range(first, Blocks - first)]);

    public static PrunedSwin Linear(SwinSpec swin) => new(swin, null);

    /// <summary>The block whose parameters a node reads; null where it reads none of a block.</summary>
    public int? BlockOf(Node node) => node.Inputs
        .Select(i => i.Producer.Operation is ReadParameter read ? Swin.LayerOf(read.Slice.Parameter.Name) : null)
        .FirstOrDefault(block => block is not null);

    private long Total(bool batched) => Forward.Nodes
        .Where(n => n.Operation is Product or WindowAttention && n.Outputs.Any(o => o?.Shape.Batched == true) == batched)
        .Sum(n => n.FloatingPointOperations / 2);
}
