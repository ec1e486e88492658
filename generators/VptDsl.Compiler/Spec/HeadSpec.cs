using System.Globalization;

namespace VptDsl.Compiler.Spec;

/// <summary>A classifier on the features: a linear layer, after hidden layers where there are any.</summary>
/// <param name="Classes">What it tells apart.</param>
internal sealed record HeadSpec(int Classes)
{
    /// <summary>Layers of the features' width before the last, each with a rectifier and batch normalisation.</summary>
    public int HiddenLayers { get; init; }

    /// <summary>The share of each hidden layer's outputs that training drops.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the normalisations keep the statistics that they start with instead of measuring their batches.</summary>
    public bool FrozenStatistics { get; init; }

    /// <summary>In one line; heads with the same line have the same parameters and the same function.</summary>
    public string Identity => HiddenLayers == 0
        ? $"linear(classes={Number(Classes)})"
        : $"mlp(classes={Number(Classes)},layers={Number(HiddenLayers + 1)}{DropoutRules.Identity(Dropout)}{(FrozenStatistics ? ",statistics=frozen" : "")})";

    /// <summary>The head in words.</summary>
    public string Describe() => $"{Number(Classes)} classes" + (HiddenLayers == 0 ? "" : $" by an MLP of {Number(HiddenLayers + 1)} layers");

    /// <summary>Its parameters on features of a width, running statistics included. A double never overflows.</summary>
    public double ParameterCount(int width) => ((width + 1.0) * Classes) + (HiddenLayers * (width + 5.0) * width);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
