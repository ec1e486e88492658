using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>What a prompt method does with one layer, as a tree of plain values: equal trees are the same scheme.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Body">Its statements.</param>
internal sealed record PromptProgram(string Name, EquatableArray<PromptStatement> Body)
{
    /// <summary>The scheme without names of its own: neither the method's nor that of a variable changes it.</summary>
    public string Text => PromptStatement.TextOf(Body);
}

/// <summary>A statement of a prompt method.</summary>
/// <param name="Place">Which of the method's recorded places it stands at.</param>
internal abstract record PromptStatement(int Place)
{
    /// <summary>The statement in normal form.</summary>
    public abstract string Text { get; }

    /// <summary>Statements in normal form.</summary>
    public static string TextOf(IEnumerable<PromptStatement> statements) => string.Concat(statements.Select(s => s.Text + ";"));
}

/// <summary>variable = value, declared or assigned again.</summary>
internal sealed record PromptAssignment(int Place, int Variable, string Name, PromptExpression Value) : PromptStatement(Place)
{
    public override string Text => $"v{Variable}={Value.Text}";
}

/// <summary>layer.Member = value.</summary>
internal sealed record PromptWrite(int Place, string Member, PromptExpression Value) : PromptStatement(Place)
{
    public override string Text => $"{Member}={Value.Text}";
}

/// <summary>A call whose result nothing reads.</summary>
internal sealed record PromptAction(int Place, PromptCall Call) : PromptStatement(Place)
{
    public override string Text => Call.Text;
}

/// <summary>if (condition) … else …; the generator decides it for each layer.</summary>
internal sealed record PromptBranch(
    int Place, PromptExpression Condition, EquatableArray<PromptStatement> Then, EquatableArray<PromptStatement> Otherwise)
    : PromptStatement(Place)
{
    public override string Text =>
        $"if({Condition.Text}){{{TextOf(Then)}}}" + (Otherwise.Count == 0 ? "" : $"else{{{TextOf(Otherwise)}}}");
}

/// <summary>return; the rest of the method is left out for this layer.</summary>
internal sealed record PromptReturn(int Place) : PromptStatement(Place)
{
    public override string Text => "return";
}
