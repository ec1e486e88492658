using System.Globalization;

namespace VptDsl.Data.Pixels;

/// <summary>One step of an <see cref="ImagePipeline"/>, on bytes.</summary>
internal abstract record PixelStep
{
    /// <summary>The steps that take its place where nothing may be left to chance: itself, if it leaves nothing to chance.</summary>
    public virtual IReadOnlyList<PixelStep> WithoutChance => [this];

    /// <summary>Whether <see cref="ApplyToLabels"/> can change a label map as an image is changed.</summary>
    public virtual bool FitsLabelMaps => true;

    /// <summary>Width and height of what comes out, where they do not depend on the image; null where they do.</summary>
    public abstract (int Width, int Height)? SizeAfter((int Width, int Height)? before);

    /// <summary>Changes an image.</summary>
    /// <param name="image">The image; the caller disposes of it, unless it comes back.</param>
    /// <param name="random">Where every choice comes from.</param>
    public abstract PixelImage Apply(PixelImage image, ref RandomStream random);

    /// <summary>Changes a label map as the image is changed by the same stream.</summary>
    /// <param name="map">The map; the caller disposes of it, unless it comes back.</param>
    /// <param name="random">Where every choice comes from.</param>
    public virtual PixelImage ApplyToLabels(PixelImage map, ref RandomStream random) => Apply(map, ref random);

    /// <summary>The step in an <see cref="ImagePipeline"/>'s text form.</summary>
    public abstract override string ToString();

    /// <summary>A size that may be used.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1 or too large.</exception>
    protected static int CheckSize(int size, string name) => size is >= 1 and <= ImagePipeline.MaximumSize
        ? size
        : throw new ArgumentOutOfRangeException(name, size, $"A size is 1 to {ImagePipeline.MaximumSize} pixels.");

    /// <summary>A size whose sides may be used.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is below 1 or too large.</exception>
    protected static PlaneSize CheckSize(PlaneSize size, string name) =>
        new(CheckSize(size.Height, name), CheckSize(size.Width, name));

    /// <summary>The name of an interpolation in text.</summary>
    protected static string NameOf(Interpolation interpolation) => interpolation switch
    {
        Interpolation.Bilinear => "bilinear",
        Interpolation.Bicubic => "bicubic",
        _ => "legacy-bilinear",
    };

    /// <summary>A number in text.</summary>
    protected static string Text(float number) => number.ToString("R", CultureInfo.InvariantCulture);
}
