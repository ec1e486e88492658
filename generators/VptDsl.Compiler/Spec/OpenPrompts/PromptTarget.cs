namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>
/// What a prompt method's operations are carried out on: shapes when a declaration is checked, a graph when it is compiled.
/// </summary>
/// <typeparam name="T">What stands for tokens.</typeparam>
internal interface IPromptTarget<T>
    where T : class
{
    /// <summary>Class token and patches.</summary>
    T Tokens { get; set; }

    /// <summary>The prompts in the sequence, or null.</summary>
    T? Prompts { get; set; }

    TokenShape ShapeOf(T tokens);

    /// <summary>A trained parameter.</summary>
    T Declare(PromptParameter parameter);

    /// <summary>Carries out an operation whose operands were checked.</summary>
    /// <param name="operation">What is computed.</param>
    /// <param name="operands">From what.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="name">A name for the result.</param>
    T Compute(PromptOperation operation, IReadOnlyList<T> operands, TokenShape shape, string name);

    /// <summary>The first half of the layer, with further keys and values where there are some.</summary>
    void RunAttention(T? keys, T? values);

    /// <summary>The second half of the layer.</summary>
    void RunMlp();
}

/// <summary>The shape of tokens.</summary>
/// <param name="Batched">Whether each image has its own.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="Columns">How wide they are.</param>
internal sealed record TokenShape(bool Batched, int Rows, int Columns)
{
    public override string ToString() => Batched ? $"[batch, {Rows}, {Columns}]" : $"[{Rows}, {Columns}]";
}

/// <summary>A parameter that a prompt method declares.</summary>
/// <param name="Place">Which of the method's recorded places it is declared at.</param>
/// <param name="Name">Its name within the scheme.</param>
/// <param name="Layer">The layer it belongs to; null where all layers share it.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Draw">What it is drawn from.</param>
/// <param name="Value">What all of it starts at where it is not drawn; null where it is.</param>
internal sealed record PromptParameter(int Place, string Name, int? Layer, int Rows, int Columns, PromptDraw Draw, double? Value)
{
    /// <summary>The tensor's name.</summary>
    public string FullName => Layer is { } layer ? FormattableString.Invariant($"prompts.{Name}.{layer}") : $"prompts.{Name}";
}

/// <summary>What a layer is to a prompt method.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Count">How many layers there are.</param>
/// <param name="Width">The width of its tokens.</param>
/// <param name="Heads">The heads of its attention.</param>
internal sealed record PromptLayer(int Index, int Count, int Width, int Heads);

/// <summary>An operation of a prompt method on tokens.</summary>
/// <param name="Kind">What is computed.</param>
/// <param name="Start">The first row, where rows are cut out.</param>
internal sealed record PromptOperation(PromptOperationKind Kind, int Start = 0);

/// <summary>The operations of prompt methods on tokens, named as members of the library's <c>Tokens</c> and <c>PromptedLayer</c>.</summary>
internal enum PromptOperationKind
{
    Add,
    AddRow,
    ScaleColumns,
    Linear,
    LayerNorm,
    Gelu,
    Slice,
    Append,
    Blend,
    Normalize,
    Query,
    Key,
    Value,
    Project,
    Attend,
}
