using System.Collections.Immutable;
using VptDsl.Data.Pixels;
using VptDsl.Data.Stores;

namespace VptDsl.Data;

/// <summary>
/// Labelled images of any size, in files or as bytes in memory, that a pipeline makes fit for a model each time one is read.
/// </summary>
/// <remarks>
/// <see cref="ImageFolder"/>, <see cref="ListFile"/>, <see cref="VtabTask"/>, <see cref="FgvcData"/>, <see cref="CifarFile"/> and
/// <see cref="IdxFile"/> make one. Nothing decoded is kept, so that memory does not grow with the set.
/// </remarks>
public sealed class PixelImages : IAugmentedSource, IFileSource
{
    private readonly IPixelStore _store;
    private readonly TurnedImages _turned = new();

    internal PixelImages(IPixelStore store, ImagePipeline pipeline)
    {
        _store = store;
        Pipeline = pipeline;
        Shape = pipeline.Shape;
        IsAugmented = pipeline.IsRandom;
    }

    /// <inheritdoc/>
    public int Count => _store.Count;

    /// <inheritdoc/>
    public ImageShape Shape { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _store.ClassNames;

    /// <summary>
    /// What was not taken into the set where its images lie, by reason; empty where nothing was left out, or nobody looked.
    /// </summary>
    public ImmutableArray<PassedOver> PassedOver => _store.PassedOver;

    /// <summary>Lines of the set's list that repeat another; such an image is in the set as often as it is listed.</summary>
    public int Repeated => _store.Repeated;

    /// <summary>What happens to each image.</summary>
    public ImagePipeline Pipeline { get; }

    /// <inheritdoc/>
    public bool IsAugmented { get; }

    TurnedImages IFileSource.Turned => _turned;

    /// <summary>The same images through another pipeline; nothing is read again.</summary>
    /// <param name="pipeline">What happens to each image.</param>
    public PixelImages With(ImagePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new(_store, pipeline);
    }

    /// <inheritdoc/>
    public int Label(int index)
    {
        ImageIndex.Require(index, Count);
        return _store.Label(index);
    }

    /// <summary>Where an image comes from: its file, and the list and line that name it.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    public string NameOf(int index)
    {
        ImageIndex.Require(index, Count);
        return _store.NameOf(index);
    }

    /// <summary>An image as its file has it, turned where the pipeline turns it; the caller disposes of it.</summary>
    internal PixelImage ReadWhole(int index)
    {
        ImageIndex.Require(index, Count);
        return Pipeline.Turn(_store.Load(index));
    }

    /// <inheritdoc/>
    /// <exception cref="ImageDataException">The image is missing or broken; the message names it.</exception>
    public void CopyImage(int index, Span<float> destination)
    {
        ImageIndex.Require(index, Count);
        CheckRoom(destination);
        try
        {
            Pipeline.Run(Load(index), destination);
        }
        catch (InvalidDataException e)
        {
            throw _store.Unfit(index, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ImageDataException">The image is missing or broken; the message names it.</exception>
    public void CopyAugmented(int index, Span<float> destination, ref RandomStream random)
    {
        ImageIndex.Require(index, Count);
        CheckRoom(destination);
        try
        {
            Pipeline.Run(Load(index), destination, ref random);
        }
        catch (InvalidDataException e)
        {
            throw _store.Unfit(index, e);
        }
    }

    /// <summary>How many images, of which shape, of how many classes.</summary>
    public override string ToString() => SetText.Of(this);

    private PixelImage Load(int index)
    {
        PixelImage image = _store.Load(index);
        _turned.Note(index, image, Pipeline);
        return image;
    }

    private void CheckRoom(Span<float> destination)
    {
        if (destination.Length != Shape.Floats)
        {
            throw new ArgumentException(
                $"An image of shape {Shape} takes {Shape.Floats} floats, but there is room for {destination.Length}.", nameof(destination));
        }
    }
}
