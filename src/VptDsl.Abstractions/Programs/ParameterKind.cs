namespace VptDsl.Programs;

/// <summary>The part of the model that a parameter belongs to.</summary>
public enum ParameterKind
{
    /// <summary>Pre-trained; comes from the backbone's weight file.</summary>
    Backbone,

    /// <summary>A prompt; comes from a task file or is drawn afresh.</summary>
    Prompt,

    /// <summary>The classifier; comes from a task file or is drawn afresh.</summary>
    Head,

    /// <summary>Part of a small network that was put into or beside the backbone; comes from a task file or is drawn afresh.</summary>
    AddedNetwork,

    /// <summary>Computed from the model's sizes, such as a table of sines: in no file, and never trained.</summary>
    Computed,
}
