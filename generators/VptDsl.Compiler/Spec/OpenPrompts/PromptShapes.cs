namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>Runs a prompt method on shapes alone, counts what it declares, and knows what depends on which parameter.</summary>
/// <param name="tokens">Class token and patches.</param>
internal sealed class PromptShapes(TokenShape tokens) : IPromptTarget<TracedShape>
{
    private readonly Dictionary<string, TracedShape> _shared = [];
    private readonly List<TracedShape> _parameters = [];

    public TracedShape Tokens { get; set; } = new(tokens, []);

    public TracedShape? Prompts { get; set; }

    /// <summary>The numbers that the parameters hold.</summary>
    public double Parameters => _parameters.Sum(p => (double)p.Shape.Rows * p.Shape.Columns);

    /// <summary>The most rows that a layer attends to beside class token and patches.</summary>
    public int MostTokens { get; private set; }

    public TokenShape ShapeOf(TracedShape tokens) => tokens.Shape;

    public TracedShape Declare(PromptParameter parameter)
    {
        if (parameter.Layer is null && _shared.TryGetValue(parameter.Name, out TracedShape? declared))
            return declared;
        var shape = new TracedShape(new(false, parameter.Rows, parameter.Columns), []) { Parameter = parameter };
        if (parameter.Layer is null)
            _shared.Add(parameter.Name, shape);
        _parameters.Add(shape);
        return shape;
    }

    public TracedShape Compute(PromptOperation operation, IReadOnlyList<TracedShape> operands, TokenShape shape, string name) =>
        new(shape, operands);

    public void RunAttention(TracedShape? keys, TracedShape? values)
    {
        MostTokens = Math.Max(MostTokens, (Prompts?.Shape.Rows ?? 0) + (keys?.Shape.Rows ?? 0));
        TracedShape[] sources = [.. new[] { Tokens, Prompts, keys, values }.OfType<TracedShape>()];
        Tokens = new(Tokens.Shape, sources);
        if (Prompts is { } prompts)
            Prompts = new(prompts.Shape with { Batched = true }, sources);
    }

    public void RunMlp()
    {
    }

    /// <summary>A parameter that nothing depends on of what the head reads, or null.</summary>
    /// <param name="pool">What the head reads.</param>
    public PromptParameter? FindIdle(TokenPool pool)
    {
        var reached = new HashSet<TracedShape>();
        var pending = new Stack<TracedShape>();
        if (pool != TokenPool.Prompts || Prompts is null)
            pending.Push(Tokens);
        if (pool is TokenPool.Prompts or TokenPool.AllButClass or TokenPool.All && Prompts is not null)
            pending.Push(Prompts);
        while (pending.Count > 0)
        {
            TracedShape next = pending.Pop();
            if (!reached.Add(next))
                continue;
            foreach (TracedShape source in next.Sources)
                pending.Push(source);
        }

        return _parameters.FirstOrDefault(p => !reached.Contains(p))?.Parameter;
    }
}

/// <summary>A shape and what it was computed from.</summary>
internal sealed class TracedShape(TokenShape shape, IReadOnlyList<TracedShape> sources)
{
    public TokenShape Shape { get; } = shape;

    public IReadOnlyList<TracedShape> Sources { get; } = sources;

    /// <summary>The parameter that it is, if it is one.</summary>
    public PromptParameter? Parameter { get; init; }
}
