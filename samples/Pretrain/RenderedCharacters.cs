using Pretrain.Characters;
using Pretrain.Fonts;
using Pretrain.Rendering;
using VptDsl.Data;

namespace Pretrain;

/// <summary>Renderings of characters, as many of each: others in each epoch of training, always the same for measuring.</summary>
internal sealed class RenderedCharacters : IAugmentedSource
{
    private const long Purpose = 0x676C797068;

    private readonly (int Label, int CodePoint, FontFace[][] Families)[] _characters;
    private readonly Normalization _normalization;
    private readonly long _seed;

    private RenderedCharacters(
        IEnumerable<(int Label, int CodePoint, FontFace[][] Families)> characters, IReadOnlyList<string> classNames, int count,
        Normalization normalization, long seed)
    {
        _characters = [.. characters];
        (ClassNames, Count, _normalization, _seed) = (classNames, count, normalization, seed);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public ImageShape Shape { get; } = new(Channels: 1, Renderer.Side, Renderer.Side);

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public bool IsAugmented => true;

    /// <summary>Renderings in the fonts that training sees.</summary>
    /// <param name="characters">The characters.</param>
    /// <param name="count">Images in an epoch.</param>
    /// <param name="normalization">What the pixels become.</param>
    /// <param name="seed">Decides how the images look that are always the same.</param>
    public static RenderedCharacters ForTraining(
        IReadOnlyList<Character> characters, int count, Normalization normalization, long seed) => new(
            characters.Select((character, label) => (label, character.CodePoint, character.TrainFamilies)),
            [.. characters.Select(character => character.Name)], count, normalization, seed);

    /// <summary>Renderings in the fonts that training does not see, of the characters that these hold.</summary>
    /// <param name="characters">The characters.</param>
    /// <param name="each">Images of each character.</param>
    /// <param name="normalization">What the pixels become.</param>
    /// <param name="seed">Decides how the images look.</param>
    public static RenderedCharacters HeldOut(
        IReadOnlyList<Character> characters, int each, Normalization normalization, long seed)
    {
        (int, int, FontFace[][])[] held =
        [
            .. characters.Select((character, label) => (label, character.CodePoint, character.HeldOutFamilies))
                .Where(character => character.HeldOutFamilies.Length > 0),
        ];
        return new RenderedCharacters(
            held, [.. characters.Select(character => character.Name)], each * held.Length, normalization, seed);
    }

    /// <inheritdoc/>
    public int Label(int index) => At(index).Label;

    /// <inheritdoc/>
    public void CopyImage(int index, Span<float> destination)
    {
        var random = new RandomStream(_seed, Purpose, index);
        CopyAugmented(index, destination, ref random);
    }

    /// <inheritdoc/>
    public void CopyAugmented(int index, Span<float> destination, ref RandomStream random)
    {
        (_, int codePoint, FontFace[][] families) = At(index);
        Renderer.Draw(codePoint, families, destination, ref random);
        foreach (ref float pixel in destination)
            pixel = _normalization.Apply(channel: 0, pixel);
    }

    private (int Label, int CodePoint, FontFace[][] Families) At(int index) => _characters[index % _characters.Length];
}
