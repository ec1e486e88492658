namespace VptDsl.Data;

/// <summary>A random change of training images that leaves their class as it is: augmentation.</summary>
/// <remarks>
/// Whatever it draws must come from the stream it is given. That stream is the image's own in this epoch, so that a run gives the
/// same images in whatever order, or on however many threads, they are read. Override <see cref="object.ToString"/> to name the
/// settings: a <see cref="Training.Checkpoint"/> tells runs apart by it.
/// </remarks>
public interface IImageTransform
{
    /// <summary>Changes an image in place.</summary>
    /// <param name="image">[channels, height, width], normalised.</param>
    /// <param name="shape">The image's shape, which the transform keeps.</param>
    /// <param name="random">The image's stream; transforms that follow go on drawing from it.</param>
    public void Apply(Span<float> image, ImageShape shape, ref RandomStream random);
}
