using System.Globalization;

namespace VptDsl.Compiler.Spec;

/// <summary>A classifier on the features: a linear layer, after hidden layers where there are any.</summary>
/// <param name="Classes">The classes that an image can have.</param>
internal sealed record ClassifierHeadSpec(int Classes) : HeadSpec(Classes)
{
    /// <summary>Layers of the features' width before the last, each with a rectifier and batch normalisation.</summary>
    public int HiddenLayers { get; init; }

    /// <summary>The share of each hidden layer's outputs that training drops.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the normalisations keep the statistics that they start with instead of measuring their batches.</summary>
    public bool FrozenStatistics { get; init; }

    /// <summary>Whether an image can have several classes, or none.</summary>
    public bool MultiLabel { get; init; }

    public override bool IsMultiLabel => MultiLabel;

    public override string Identity => (HiddenLayers == 0
        ? $"linear(classes={Number(Classes)}"
        : $"mlp(classes={Number(Classes)},layers={Number(HiddenLayers + 1)}{DropoutRules.Identity(Dropout)}"
            + (FrozenStatistics ? ",statistics=frozen" : "")) + (MultiLabel ? ",labels=many)" : ")");

    public override string Describe() => $"{Number(Classes)} classes"
        + (HiddenLayers == 0 ? "" : $" by an MLP of {Number(HiddenLayers + 1)} layers") + (MultiLabel ? ", several for an image" : "");

    public override int LabelsPerImage(BackboneSpec backbone) => MultiLabel ? Classes : 1;

    public override double ParameterCount(BackboneSpec backbone)
    {
        double width = backbone.FeatureWidth;
        return ((width + 1) * Classes) + (HiddenLayers * (width + 5) * width);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
