using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>
/// Which parameters are trained: prompts and whatever else is put into the backbone, the head, and these of the backbone's own.
/// </summary>
/// <param name="Backbone">All of them (the paper's "Full").</param>
/// <param name="LastLayers">Those of this many last layers and of what comes after them (the paper's "Partial-k").</param>
/// <param name="Biases">Every bias (the paper's "Bias").</param>
/// <param name="ClassToken">The class token.</param>
internal sealed record TrainedSet(bool Backbone = false, int LastLayers = 0, bool Biases = false, bool ClassToken = false)
{
    /// <summary>Nothing of the backbone.</summary>
    public static readonly TrainedSet PromptsAndHead = new();

    /// <summary>All of the backbone.</summary>
    public static readonly TrainedSet Everything = new(Backbone: true);

    /// <summary>In one word; sets with the same word train the same parameters.</summary>
    public string Identity => Backbone
        ? "Everything"
        : "PromptsAndHead" + (LastLayers > 0 ? $"+LastLayers{LastLayers}" : "") + (Biases ? "+Biases" : "")
            + (ClassToken ? "+ClassToken" : "");

    /// <summary>Whether a parameter of the backbone is trained.</summary>
    public bool Includes(BackboneSpec backbone, string parameter) =>
        Backbone
        || (LastLayers > 0 && backbone.LayerOf(parameter) >= backbone.Layers - LastLayers)
        || (Biases && ParameterNames.IsBias(parameter))
        || (ClassToken && parameter == backbone.ClassToken);

    /// <summary>The set in words.</summary>
    public string Describe(ModelSpec model)
    {
        if (Backbone)
            return "everything is trained";
        string[] parts =
        [
            .. Optional("prompts", model.Prompts is { Trained: true }),
            .. Optional("updates", model.LoRA is not null),
            .. Optional("adapters", model.Adapter is not null),
            .. Optional(LastLayers == 1 ? "the last layer" : $"the last {LastLayers} layers", LastLayers > 0),
            .. Optional("all biases", Biases),
            .. Optional("the class token", ClassToken),
        ];
        return parts.Length switch
        {
            0 => "the head is trained",
            _ => $"{string.Join(", ", parts)} and head are trained",
        };
    }

    private static IEnumerable<string> Optional(string words, bool present) => present ? [words] : [];
}
