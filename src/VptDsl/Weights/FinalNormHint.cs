using VptDsl.Programs;

namespace VptDsl.Weights;

/// <summary>
/// Masked autoencoders are tuned on the mean of their tokens, normalised after it; others on a class token that is normalised before. A
/// declaration of one loads the other's weights without an error.
/// </summary>
internal static class FinalNormHint
{
    /// <summary>What a declaration of masked autoencoders says.</summary>
    public const string Declaration =
        $"{nameof(VitAttribute.Pool)} = {nameof(TokenPool)}.{nameof(TokenPool.AllButClass)}, "
            + $"{nameof(FinalNorm)} = {nameof(FinalNorm)}.{nameof(FinalNorm.AfterPool)}";

    /// <summary>The norm after the pool.</summary>
    public const string NormOfThePool = "fc_norm.weight";

    private const string Norm = "norm.weight", ClassToken = "cls_token";

    /// <summary>A hint in a sentence or two; null where file and declaration agree, or nothing tells.</summary>
    /// <param name="kind">What the file is.</param>
    /// <param name="parameters">The declared backbone's parameters.</param>
    /// <param name="fresh">Those that the file lacks.</param>
    public static string? Of(CheckpointKind kind, IEnumerable<ParameterDescription> parameters, IEnumerable<ParameterDescription> fresh)
    {
        HashSet<string> declared = [.. parameters.Select(parameter => parameter.Name)];
        if (kind == CheckpointKind.Mae && declared.IsSupersetOf([Norm, ClassToken]))
        {
            return $"The checkpoint is a masked autoencoder's, which are tuned on the mean of their tokens: declare {Declaration}, "
                + "unless its class token is meant.";
        }

        return kind != CheckpointKind.Mae && fresh.Any(parameter => parameter.Name == NormOfThePool)
            ? $"The checkpoint has no {NormOfThePool}, so that its own last normalisation is passed over for a new one. "
                + "That is right for a masked autoencoder; "
                + $"for any other declare the backbone without {nameof(FinalNorm)}.{nameof(FinalNorm.AfterPool)}."
            : null;
    }
}
