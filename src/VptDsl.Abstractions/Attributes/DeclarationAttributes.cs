namespace VptDsl;

/// <summary>Names the frozen network of a tuner. A class needs exactly one, for instance <see cref="VitAttribute"/>.</summary>
/// <remarks>
/// <para>A second one is an error of the generator (VPT007), which can say which of the two to remove.</para>
/// <para>
/// As every attribute of the language it may stand on an abstract base class: a class inherits from it what it does not say itself.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class BackboneAttribute : Attribute
{
    private protected BackboneAttribute()
    {
    }
}

/// <summary>
/// Adds prompts to the backbone: <see cref="ShallowPromptAttribute"/>, <see cref="DeepPromptAttribute"/>,
/// <see cref="AddedPromptAttribute"/>, <see cref="PixelPromptAttribute"/>, <see cref="ChannelPromptAttribute"/> or
/// <see cref="PadPromptAttribute"/>. A class takes one at most; without any, and with nothing else declared trained, it is a linear probe,
/// which trains the head alone.
/// </summary>
/// <remarks>A second one is an error of the generator (VPT007), which can say which of the two to remove.</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class PromptAttribute : Attribute
{
    private protected PromptAttribute()
    {
    }
}

/// <summary>
/// Names what a tuner is for. A class needs exactly one: <see cref="LinearHeadAttribute"/>, <see cref="MlpHeadAttribute"/> or
/// <see cref="SegmentationHeadAttribute"/>.
/// </summary>
/// <remarks>A second one is an error of the generator (VPT007), which can say which of the two to remove.</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class HeadAttribute : Attribute
{
    private protected HeadAttribute()
    {
    }
}
