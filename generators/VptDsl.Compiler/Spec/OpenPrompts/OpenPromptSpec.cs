using System.Globalization;

namespace VptDsl.Compiler.Spec.OpenPrompts;

/// <summary>Prompts that the user's own method describes.</summary>
/// <param name="Program">What the method does with each layer.</param>
internal sealed record OpenPromptSpec(PromptProgram Program) : PromptSpec
{
    /// <summary>The numbers that its parameters hold.</summary>
    public required double Parameters { get; init; }

    /// <summary>The most rows that it adds to what a layer attends to.</summary>
    public required int MostTokens { get; init; }

    /// <summary>The prompts that come out of the last layer.</summary>
    public required int LastTokens { get; init; }

    public override string Identity => $"open({Program.Text})";

    public override int AddedTokens => MostTokens;

    public override int TokensAtTheEnd(int layers) => LastTokens;

    public override string Describe(BackboneSpec backbone) =>
        $"prompts as its method {Program.Name} says, {Parameters.ToString("N0", CultureInfo.InvariantCulture)} parameters";

    public override double ParameterCount(BackboneSpec backbone) => Parameters;
}
