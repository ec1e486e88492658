using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Spec.OpenPrompts;

namespace VptDsl.Compiler.Prompts;

/// <summary>One layer under a prompt method: what the method asks for becomes nodes of the graph.</summary>
internal sealed class OpenPromptLayer(
    GraphBuilder graph, IPromptedBlock block, TokenSequence tokens, int prefix, bool joined, Func<PromptParameter, Value> declare)
    : IPromptTarget<Value>
{
    private const double Epsilon = 1e-6;

    public Value Tokens { get; set; } = tokens.Image;

    public Value? Prompts { get; set; } = tokens.Prompts;

    public TokenShape ShapeOf(Value tokens) => new(tokens.Shape.Batched, tokens.Shape.Rows, tokens.Shape.Columns);

    public Value Declare(PromptParameter parameter) => declare(parameter);

    public Value Compute(PromptOperation operation, IReadOnlyList<Value> operands, TokenShape shape, string name)
    {
        Value x = operands[0];
        return operation.Kind switch
        {
            PromptOperationKind.Add => graph.Add(x, operands[1], name),
            PromptOperationKind.AddRow => graph.AddRow(x, operands[1], name),
            PromptOperationKind.ScaleColumns => graph.One(new ScaleColumns(Residual: false), operands, name),
            PromptOperationKind.Linear when operands.Count == 2 => graph.Multiply(ProductLayout.NT, x, operands[1], name),
            PromptOperationKind.Linear => graph.Linear(x, operands[1], operands[2], name),
            PromptOperationKind.LayerNorm => graph.LayerNorm(x, operands[1], operands[2], Epsilon, name),
            PromptOperationKind.Gelu => graph.Activate(ActivationKind.Gelu, x, name),
            PromptOperationKind.Slice => graph.Rows(x, operation.Start, shape.Rows, name),
            PromptOperationKind.Append => graph.ConcatRows(operands, name),
            PromptOperationKind.Blend => graph.Blend(x, operands[1], operands[2], name),
            PromptOperationKind.Normalize => block.Normalize(x, name),
            PromptOperationKind.Query => block.Project(x, 0, name),
            PromptOperationKind.Key => block.Project(x, 1, name),
            PromptOperationKind.Value => block.Project(x, 2, name),
            PromptOperationKind.Project => block.ProjectBack(x, name),
            PromptOperationKind.Attend => graph.Attention(block.Heads, x, [(operands[1], operands[2])], name),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "This operation has no node."),
        };
    }

    public void RunAttention(Value? keys, Value? values) =>
        RunHalf(x => block.Attend(x, keys is null ? [] : [(keys, values!)]), joined);

    // An MLP takes each token by itself: prompts that met no image yet have no batch after it either, as the method is told.
    public void RunMlp() => RunHalf(block.RunMlp, joined && Prompts?.Shape.Batched == true);

    private void RunHalf(Func<TokenSequence, TokenSequence> half, bool together)
    {
        if (!together || Prompts is null)
        {
            TokenSequence after = half(new(Tokens, Prompts));
            (Tokens, Prompts) = (after.Image, after.Prompts);
            return;
        }

        int added = Prompts.Shape.Rows;
        Value sequence = half(new(TokenSequence.WithPrompts(graph, Tokens, prefix, present: 0, Prompts), null)).Image;
        Tokens = TokenSequence.WithPrompts(graph, sequence, prefix, present: added, prompts: null);
        Prompts = graph.Rows(sequence, prefix, added, "promptTokens");
    }
}
