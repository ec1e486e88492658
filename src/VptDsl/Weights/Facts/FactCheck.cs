using VptDsl.Common;
using VptDsl.Programs;

namespace VptDsl.Weights;

/// <summary>
/// Compares what is said of a checkpoint with a declaration, where every shape fits and results would be wrong in silence.
/// </summary>
internal static class FactCheck
{
    // Variances of tokens are far larger, so that smaller ones differ in the last digits alone; the same weights are published with 1e-12
    // and 1e-6.
    private const double HarmlessEpsilon = 1e-5;

    /// <summary>Remarks on small differences.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="model">The declaration as a message calls it.</param>
    /// <param name="traits">What it declares; without heads where nothing declares them.</param>
    /// <param name="facts">What is said of the checkpoint.</param>
    /// <exception cref="WeightFileException">A large one: the weights are another model's.</exception>
    public static IEnumerable<string> Compare(string path, string model, BackboneTraits traits, CheckpointFacts facts)
    {
        var remarks = new List<string>();
        if (facts.Heads is { } heads && !traits.Heads.IsEmpty && heads.Value != FactText.Of(traits.Heads))
        {
            throw Contradiction(
                path, model, $"{heads.Value} attention heads", heads.Source, FactText.Of(traits.Heads),
                $"Declare {(traits.Heads.Length == 1 ? $"Heads = {heads.Value}" : $"Heads = \"{heads.Value}\"")}");
        }

        if (facts.Epsilon is { } epsilon && epsilon.Value != traits.Epsilon)
        {
            if (epsilon.Value > HarmlessEpsilon)
            {
                throw Contradiction(
                    path, model, $"an epsilon of {FactText.Of(epsilon.Value)}", epsilon.Source, FactText.Of(traits.Epsilon),
                    $"Of a [Vit] declare Epsilon = {FactText.Of(epsilon.Value)}, others have none");
            }

            remarks.Add(
                $"The epsilon of normalisations is {FactText.Of(traits.Epsilon)} here and {epsilon}: both vanish beside a variance.");
        }

        if (facts.Activation is { } activation && traits.Activation.Length > 0 && Usual(activation.Value) != traits.Activation)
        {
            if (!IsGelu(traits.Activation) || !IsGelu(activation.Value))
            {
                throw Contradiction(
                    path, model, $"the activation {Quoted.Name(activation.Value)}", activation.Source, traits.Activation,
                    ActivationNames.Find(activation.Value) is { } kind
                        ? $"Of a [Vit] declare Activation = {nameof(ActivationKind)}.{kind}, others have none"
                        : "It cannot be declared");
            }

            remarks.Add($"The activation is {traits.Activation} here and {activation}, which differ by a thousandth.");
        }

        return remarks;
    }

    /// <summary>
    /// Whether it is GELU or its approximation, the same function up to a thousandth: Google's own weights were trained with the one and
    /// are used with the other elsewhere.
    /// </summary>
    private static bool IsGelu(string name) => ActivationNames.Find(name) is ActivationKind.Gelu or ActivationKind.GeluTanh;

    /// <summary>One of the names that configurations have for an activation.</summary>
    private static string Usual(string name) => ActivationNames.Find(name) is { } kind ? ActivationNames.Of(kind) : name;

    private static WeightFileException Contradiction(
        string path, string model, string said, string source, string declared, string remedy) => new(
            path, $"it is a model with {said} ({source}), but {model} has {declared}",
            $"{remedy}, or give the weights of the backbone that is declared.");
}
