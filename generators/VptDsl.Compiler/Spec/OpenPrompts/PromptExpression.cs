using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>An expression of a prompt method: a number known when the model is compiled, or tokens of the graph.</summary>
/// <param name="Place">Which of the method's recorded places it stands at.</param>
internal abstract record PromptExpression(int Place)
{
    /// <summary>The expression in normal form.</summary>
    public abstract string Text { get; }
}

/// <summary>A constant; true is 1, and an enum is its number.</summary>
internal sealed record PromptNumber(int Place, double Value) : PromptExpression(Place)
{
    public override string Text => InvariantNumbers.Shortest(Value);
}

/// <summary>A constant text.</summary>
internal sealed record PromptText(int Place, string Value) : PromptExpression(Place)
{
    public override string Text => Value;
}

/// <summary>A variable's value.</summary>
internal sealed record PromptVariable(int Place, int Variable) : PromptExpression(Place)
{
    public override string Text => $"v{Variable}";
}

/// <summary>A member of the layer, or of tokens where there are some.</summary>
internal sealed record PromptMember(int Place, PromptExpression? Tokens, string Name) : PromptExpression(Place)
{
    public override string Text => Tokens is null ? Name : $"{Tokens.Text}.{Name}";
}

/// <summary>Arithmetic, comparison or logic with one operand.</summary>
internal sealed record PromptUnary(int Place, PromptOperator Operator, PromptExpression Operand) : PromptExpression(Place)
{
    public override string Text => $"{Operator}({Operand.Text})";
}

/// <summary>Arithmetic, comparison or logic with two operands.</summary>
/// <param name="Place">Which of the method's recorded places it stands at.</param>
/// <param name="Operator">What is computed.</param>
/// <param name="IsInteger">Whether a quotient has no fraction.</param>
/// <param name="Left">The first operand.</param>
/// <param name="Right">The second operand.</param>
internal sealed record PromptBinary(int Place, PromptOperator Operator, bool IsInteger, PromptExpression Left, PromptExpression Right)
    : PromptExpression(Place)
{
    public override string Text => $"{Sign}({Left.Text},{Right.Text})";

    // Whole numbers read alike whatever their type: how they are divided must be said.
    private string Sign => Operator == PromptOperator.Over && !IsInteger ? "OverExactly" : $"{Operator}";
}

/// <summary>condition ? a : b; only one of them is looked at in a layer.</summary>
internal sealed record PromptChoice(int Place, PromptExpression Condition, PromptExpression WhenTrue, PromptExpression WhenFalse)
    : PromptExpression(Place)
{
    public override string Text => $"({Condition.Text}?{WhenTrue.Text}:{WhenFalse.Text})";
}

/// <summary>A call of a member of the layer or of tokens.</summary>
/// <param name="Place">Which of the method's recorded places it stands at.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Arguments">By parameter, defaults included; the tokens whose member it is are the argument <c>this</c>.</param>
internal sealed record PromptCall(int Place, string Name, EquatableArray<PromptArgument> Arguments) : PromptExpression(Place)
{
    public override string Text => $"{Name}({string.Join(",", Arguments.Select(a => $"{a.Name}:{a.Value.Text}"))})";

    /// <summary>What is passed for a parameter, or null where this overload has none of that name.</summary>
    public PromptExpression? this[string parameter] => Arguments.FirstOrDefault(a => a.Name == parameter)?.Value;
}

/// <summary>What is passed for one parameter.</summary>
internal sealed record PromptArgument(string Name, PromptExpression Value);

/// <summary>What can be computed with numbers while a model is compiled.</summary>
internal enum PromptOperator
{
    Negate,
    Not,
    Plus,
    Minus,
    Times,
    Over,
    Remainder,
    And,
    Or,
    BitwiseAnd,
    BitwiseOr,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
