using System.Collections.Immutable;
using Pretrain.Fonts;
using SkiaSharp;

namespace Pretrain.Characters;

/// <summary>The characters that images are rendered of.</summary>
/// <param name="Characters">They, script by script.</param>
/// <param name="DigitLike">Characters that were left out because their outlines in many fonts are a digit's, beside those that are listed.</param>
internal sealed record CharacterChoice(ImmutableArray<Character> Characters, ImmutableArray<int> DigitLike)
{
    /// <summary>The fewest typefaces that a character is learned from.</summary>
    private const int FewestFaces = 4;

    /// <summary>The most characters of a script that are looked at closely.</summary>
    private const int Pool = 300;

    /// <summary>From this share of fonts on, two characters are one shape; for a digit, one font in ten is too much.</summary>
    private const float OneShape = 0.5f, DigitShape = 0.1f;

    private static readonly int[] Digits = [.. Enumerable.Range('0', 10)];

    /// <summary>
    /// Chooses characters that many typefaces hold, none that looks like a digit, and one of those that look alike; as many of each script
    /// as there are, while all scripts have the same share.
    /// </summary>
    /// <param name="faces">The typefaces.</param>
    /// <param name="count">How many characters; fewer if there are no more.</param>
    public static CharacterChoice Of(IReadOnlyList<FontFace> faces, int count)
    {
        FontFace[] seen = [.. faces.Where(face => !face.IsHeldOut)];
        (Script Script, int[] Characters)[] pools =
            [.. Script.All.Select(script => (script, MostUsual(script, seen))).Where(pool => pool.Item2.Length > 0)];
        int[] compared = [.. pools.SelectMany(pool => pool.Characters), .. Digits];
        LookAlikes alike = LookAlikes.Among(compared, seen);
        int firstDigit = compared.Length - Digits.Length;

        var kept = new List<int>();
        var digitLike = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < firstDigit; i++)
        {
            if (Enumerable.Range(firstDigit, Digits.Length).Any(digit => alike.Share(i, digit) >= DigitShape))
                digitLike.Add(compared[i]);
            else if (!kept.Exists(other => alike.Share(i, other) >= OneShape))
                kept.Add(i);
        }

        HashSet<int> distinct = [.. kept.Select(i => compared[i])];
        (Script Script, int[] Characters)[] left =
            [.. pools.Select(pool => (pool.Script, Array.FindAll(pool.Characters, distinct.Contains)))];
        int share = FairShare([.. left.Select(script => script.Characters.Length)], count);
        (string Script, int Character)[] chosen =
            [.. left.SelectMany(script => script.Characters.Take(share).Select(character => (script.Script.Name, character)))];
        return new CharacterChoice([.. WithFaces(chosen, faces)], digitLike.ToImmutable());
    }

    /// <summary>The characters of a script that many fonts hold, the simplest first.</summary>
    private static int[] MostUsual(Script script, FontFace[] faces)
    {
        int[] characters = [.. script.Characters().Where(character => !DigitLookAlikes.Contains(character))];
        int[] held = new int[characters.Length];
        FontFace? fullest = null;
        int most = 0;
        foreach (FontFace face in faces)
        {
            bool[] holds = face.Holds(characters);
            int count = holds.Count(holds => holds);
            if (count > most)
                (fullest, most) = (face, count);
            for (int i = 0; i < held.Length; i++)
                held[i] += holds[i] ? 1 : 0;
        }

        if (fullest is null)
            return [];
        // Among thousands that as many fonts hold, the simplest can still be told apart when they are small.
        int usual = Math.Max(FewestFaces, held.Max() / 2);
        return
        [
            .. Enumerable.Range(0, characters.Length)
                .Where(i => held[i] >= FewestFaces)
                .OrderByDescending(i => Math.Min(held[i], usual))
                .ThenBy(i => Complexity(fullest, characters[i]))
                .ThenBy(i => characters[i])
                .Take(Pool)
                .Select(i => characters[i]),
        ];
    }

    private static int Complexity(FontFace face, int character)
    {
        using SKPath? outline = face.Outline(character);
        return outline?.PointCount ?? int.MaxValue;
    }

    /// <summary>The largest number of characters of one script with which no more than a number are chosen in all.</summary>
    private static int FairShare(int[] available, int count)
    {
        int share = 0;
        while (share < Pool && available.Sum(characters => Math.Min(characters, share + 1)) <= count)
            share++;
        return share;
    }

    private static IEnumerable<Character> WithFaces((string Script, int Character)[] chosen, IReadOnlyList<FontFace> faces)
    {
        int[] characters = Array.ConvertAll(chosen, choice => choice.Character);
        (FontFace Face, bool[] Holds)[] all = [.. faces.Select(face => (face, face.Holds(characters)))];
        return chosen.Select((choice, i) => new Character(
            choice.Character, choice.Script, Families(i, isHeldOut: false), Families(i, isHeldOut: true)));

        FontFace[][] Families(int character, bool isHeldOut) =>
        [
            .. all.Where(pair => pair.Holds[character] && pair.Face.IsHeldOut == isHeldOut)
                .GroupBy(pair => pair.Face.Family, pair => pair.Face)
                .Select(family => family.ToArray()),
        ];
    }
}
