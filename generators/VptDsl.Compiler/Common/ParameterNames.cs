namespace VptDsl.Compiler.Common;

/// <summary>What the name of a parameter says.</summary>
internal static class ParameterNames
{
    /// <summary>
    /// Whether it is a bias: bias tuning trains it, and AdamW's weight decay spares it. As in the paper's code the word anywhere in the
    /// name decides, so that a table of position biases is one too.
    /// </summary>
    public static bool IsBias(string parameter) => parameter.IndexOf("bias", StringComparison.Ordinal) >= 0;
}
