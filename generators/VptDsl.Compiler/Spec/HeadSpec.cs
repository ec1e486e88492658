namespace VptDsl.Compiler.Spec;

/// <summary>What is trained on the backbone's features to tell classes apart.</summary>
/// <param name="Classes">What it tells apart.</param>
internal abstract record HeadSpec(int Classes)
{
    /// <summary>In one line; heads with the same line have the same parameters and the same function.</summary>
    public abstract string Identity { get; }

    /// <summary>The class of the library that a tuner with this head derives from.</summary>
    public virtual string TunerType => "Tuner";

    /// <summary>The label of what neither loss nor measure counts, if there is one.</summary>
    public virtual int? IgnoredLabel => null;

    /// <summary>The head in words.</summary>
    public abstract string Describe();

    /// <summary>
    /// Whether an image can have several classes, or none: its labels are one for each class, 1 where it has it and 0 where not.
    /// </summary>
    public virtual bool IsMultiLabel => false;

    /// <summary>How many labels an image has: one, one for each of its pixels, or one for each class.</summary>
    public virtual int LabelsPerImage(BackboneSpec backbone) => 1;

    /// <summary>Its parameters, running statistics included. A double never overflows.</summary>
    public abstract double ParameterCount(BackboneSpec backbone);

    /// <summary>The most numbers that an image has in one activation of the head, where that can be more than in the backbone.</summary>
    public virtual double WidestActivation(BackboneSpec backbone) => 0;
}
