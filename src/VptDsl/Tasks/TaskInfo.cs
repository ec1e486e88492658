using System.Collections.Immutable;
using VptDsl.Data;
using VptDsl.Programs;

namespace VptDsl.Tasks;

/// <summary>What a task file says about itself.</summary>
/// <param name="Declaration">The declaration of the model it was trained with, with as many classes as the task has.</param>
/// <param name="BackboneHash">The hash of the frozen backbone it was trained on.</param>
/// <param name="ClassNames">The name of each class; null if none were saved.</param>
public sealed record TaskInfo(string Declaration, string BackboneHash, ImmutableArray<string>? ClassNames)
{
    /// <summary>The number of the task's classes; null if the declaration does not say it.</summary>
    public int? Classes => TaskHead.ClassesOf(Declaration);

    /// <summary>Whether its images can have several classes, or none: each has a probability of its own.</summary>
    public bool IsMultiLabel => TaskHead.HasSeveralLabels(Declaration);

    /// <summary>
    /// The attributes that declare the model it was trained with, for instance
    /// <c>[Vit(VitSize.Base, Patch = 16)] [DeepPrompt(Tokens = 10)] [LinearHead(Classes = 5)]</c>, the head's classes those of the task;
    /// null if the file does not say them, or they are not all, for a method describes the prompts.
    /// </summary>
    public string? Attributes { get; init; }

    /// <summary>What images of the task went through, without chance; null if none was saved.</summary>
    public ImagePipeline? Pipeline { get; init; }

    /// <summary>One line: the classes, at most ten by name, the declaration and the pipeline.</summary>
    public override string ToString()
    {
        string classes = ClassNames is { } names ? ClassText.Of(names)
            : Classes is { } count ? $"{ClassText.Count(count)} without names"
            : "classes without names";
        return $"{classes}; {Declaration}; images {Pipeline?.ToString() ?? "read in a way that was not saved"}";
    }
}
