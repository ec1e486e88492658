namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>Runs a prompt method on shapes alone, and counts what it declares.</summary>
/// <param name="tokens">Class token and patches.</param>
internal sealed class PromptShapes(TokenShape tokens) : IPromptTarget<TokenShape>
{
    private readonly Dictionary<string, TokenShape> _shared = [];
    private int _mostTokens;

    public TokenShape Tokens { get; set; } = tokens;

    public TokenShape? Prompts { get; set; }

    /// <summary>The numbers that the parameters hold.</summary>
    public double Parameters { get; private set; }

    /// <summary>The most rows that a layer attends to beside class token and patches.</summary>
    public int MostTokens => _mostTokens;

    public TokenShape ShapeOf(TokenShape tokens) => tokens;

    public TokenShape Declare(PromptParameter parameter)
    {
        var shape = new TokenShape(false, parameter.Rows, parameter.Columns);
        if (parameter.Layer is null && _shared.TryGetValue(parameter.Name, out TokenShape? declared))
            return declared;
        if (parameter.Layer is null)
            _shared.Add(parameter.Name, shape);
        Parameters += (double)parameter.Rows * parameter.Columns;
        return shape;
    }

    public TokenShape Compute(PromptOperation operation, IReadOnlyList<TokenShape> operands, TokenShape shape, string name) => shape;

    public void RunAttention(TokenShape? keys, TokenShape? values)
    {
        _mostTokens = Math.Max(_mostTokens, (Prompts?.Rows ?? 0) + (keys?.Rows ?? 0));
        Prompts = Prompts is null ? null : Prompts with { Batched = true };
    }

    public void RunMlp()
    {
    }
}
