namespace VptDsl.Data;

/// <summary>A set whose images are another's.</summary>
internal interface IDerivedSource : IImageSource
{
    /// <summary>The set that the images come from.</summary>
    public IImageSource Source { get; }

    /// <summary>The set that is no other's, at the end of the chain.</summary>
    public static IImageSource Root(IImageSource source)
    {
        while (source is IDerivedSource derived)
            source = derived.Source;
        return source;
    }
}
