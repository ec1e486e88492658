using VptDsl.Compiler.Graph;

namespace VptDsl.Compiler.Backbones;

/// <summary>A layer of a backbone as a prompt scheme sees it: two halves, and the weights of its attention to borrow.</summary>
internal interface IPromptedBlock
{
    int Heads { get; }

    /// <summary>Attention and its residual, over the tokens and over further keys and values.</summary>
    TokenSequence Attend(TokenSequence tokens, IReadOnlyList<(Value Key, Value Value)> further);

    /// <summary>The MLP and its residual.</summary>
    TokenSequence RunMlp(TokenSequence tokens);

    /// <summary>The norm before attention.</summary>
    Value Normalize(Value x, string name);

    /// <summary>The first, second or third of the linear layers before attention: queries, keys, values.</summary>
    Value Project(Value x, int third, string name);

    /// <summary>The linear layer after attention.</summary>
    Value ProjectBack(Value x, string name);
}
