namespace VptDsl;

/// <summary>Names the frozen network of a tuner. A class needs exactly one; today that is <see cref="VitAttribute"/>.</summary>
/// <remarks>A second one is an error of the generator (VPT007), which can say which of the two to remove.</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class BackboneAttribute : Attribute
{
    private protected BackboneAttribute()
    {
    }
}

/// <summary>
/// Adds prompts to the backbone: <see cref="ShallowPromptAttribute"/> or <see cref="DeepPromptAttribute"/>.
/// A class takes one at most; without any it is a linear probe, which trains the head alone.
/// </summary>
/// <remarks>A second one is an error of the generator (VPT007), which can say which of the two to remove.</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class PromptAttribute : Attribute
{
    private protected PromptAttribute()
    {
    }

    /// <summary>
    /// The number of prompts in each prompted layer; 1 or more, 50 unless stated.
    /// The paper picks it for each task from 1, 5, 10, 50, 100 and 200.
    /// </summary>
    public int Tokens { get; set; } = 50;

    /// <summary>
    /// Whether the prompts stay as they were drawn, so that the head alone learns; false unless stated. It shows that prompts help by
    /// what they learn, not by making the sequence longer.
    /// </summary>
    public bool Frozen { get; set; }
}

/// <summary>Names the classifier of a tuner. A class needs exactly one; today that is <see cref="LinearHeadAttribute"/>.</summary>
/// <remarks>A second one is an error of the generator (VPT007), which can say which of the two to remove.</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class HeadAttribute : Attribute
{
    private protected HeadAttribute()
    {
    }
}
