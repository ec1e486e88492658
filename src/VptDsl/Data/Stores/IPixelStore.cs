using System.Collections.Immutable;
using VptDsl.Data.Pixels;

namespace VptDsl.Data.Stores;

/// <summary>Where the images of a <see cref="PixelImages"/> come from.</summary>
internal interface IPixelStore
{
    /// <summary>The number of images.</summary>
    public int Count { get; }

    /// <summary>The name of each class.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>What was not taken where the images come from.</summary>
    public ImmutableArray<PassedOver> PassedOver => [];

    /// <summary>Lines of a list that repeat an earlier one.</summary>
    public int Repeated => 0;

    /// <summary>The class of an image.</summary>
    public int Label(int index);

    /// <summary>Reads an image; the caller disposes of it. Allows reads from several threads at once.</summary>
    public PixelImage Load(int index);

    /// <summary>Where an image is, for messages.</summary>
    public string NameOf(int index);

    /// <summary>The error for an image that a pipeline cannot work on.</summary>
    public ImageDataException Unfit(int index, InvalidDataException cause);
}
