using Pretrain.Fonts;

namespace Pretrain.Characters;

/// <summary>A class of images: a character in every font that holds it.</summary>
/// <param name="CodePoint">Its number in Unicode.</param>
/// <param name="Script">Its script.</param>
/// <param name="TrainFamilies">The typefaces that training sees, a list for each family.</param>
/// <param name="HeldOutFamilies">Those that it does not see.</param>
internal sealed record Character(int CodePoint, string Script, FontFace[][] TrainFamilies, FontFace[][] HeldOutFamilies)
{
    /// <summary>A name that no other class has, even where two are written alike.</summary>
    public string Name => $"U+{CodePoint:X4}";
}
