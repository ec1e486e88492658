using System.Collections.Immutable;
using Pretrain.Fonts;
using SkiaSharp;

namespace Pretrain.Characters;

/// <summary>The characters that images are rendered of.</summary>
/// <param name="Characters">They, script by script.</param>
/// <param name="DigitLike">Characters left out, beside those that are listed, as their outlines in many fonts are those of a digit.</param>
internal sealed record CharacterChoice(ImmutableArray<Character> Characters, ImmutableArray<int> DigitLike)
{
    /// <summary>The fewest typefaces that a character is learned from.</summary>
    private const int FewestFaces = 4;

    /// <summary>The most characters of a script that are looked at closely.</summary>
    private const int Pool = 300;

    /// <summary>From this share of fonts on, two characters are one shape; for a digit, fewer are too many.</summary>
    private const float OneShape = 0.5f, DigitShape = 0.25f;

    /// <summary>Digits, and letters that pass for them: many a font has no digits in the style of its letters.</summary>
    private static readonly int[] Digits = [.. "0123456789BOSZbgloqsyz|".Select(digit => (int)digit)];

    /// <summary>
    /// Chooses characters that many typefaces hold, none that looks like a digit, and one of those that look alike. A script's share grows
    /// with the square root of the number of typefaces that hold it: these show what letters look like, but every script has some.
    /// </summary>
    /// <param name="faces">The typefaces.</param>
    /// <param name="count">How many characters; fewer if there are no more.</param>
    public static CharacterChoice Of(IReadOnlyList<FontFace> faces, int count)
    {
        FontFace[] seen = [.. faces.Where(face => !face.IsHeldOut)];
        (Script Script, int Faces, int[] Characters)[] pools =
        [
            .. Script.All.Select(script => Pooled(script, seen)).Where(pool => pool.Characters.Length > 0),
        ];
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
        int[][] left = [.. pools.Select(pool => Array.FindAll(pool.Characters, distinct.Contains))];
        int[] shares = Shares([.. pools.Select(pool => Math.Sqrt(pool.Faces))], [.. left.Select(script => script.Length)], count);
        (string Script, int Character)[] chosen =
        [
            .. pools.SelectMany((pool, i) => left[i].Take(shares[i]).Select(character => (pool.Script.Name, character))),
        ];
        return new CharacterChoice([.. WithFaces(chosen, faces)], digitLike.ToImmutable());
    }

    /// <summary>The characters of a script that many typefaces hold, the simplest first, and how many hold one.</summary>
    private static (Script Script, int Faces, int[] Characters) Pooled(Script script, FontFace[] faces)
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
            return (script, 0, []);
        // Among thousands that as many fonts hold, the simplest can still be told apart when they are small.
        int usual = Math.Max(FewestFaces, held.Max() / 2);
        int[] pool =
        [
            .. Enumerable.Range(0, characters.Length)
                .Where(i => held[i] >= FewestFaces)
                .OrderByDescending(i => Math.Min(held[i], usual))
                .ThenBy(i => Complexity(fullest, characters[i]))
                .ThenBy(i => characters[i])
                .Take(Pool)
                .Select(i => characters[i]),
        ];
        return (script, held.Max(), pool);
    }

    private static int Complexity(FontFace face, int character)
    {
        using SKPath? outline = face.Outline(character);
        return outline?.PointCount ?? int.MaxValue;
    }

    /// <summary>How many characters each script gets: the same multiple of its weight, up to what it has.</summary>
    private static int[] Shares(double[] weights, int[] available, int count)
    {
        int[] shares = new int[weights.Length];
        int wanted = Math.Min(count, available.Sum());
        for (int given = 0; given < wanted; given++)
        {
            int next = Enumerable.Range(0, shares.Length).Where(i => shares[i] < available[i]).MinBy(i => (shares[i] + 1) / weights[i]);
            shares[next]++;
        }

        return shares;
    }

    private static IEnumerable<Character> WithFaces((string Script, int Character)[] chosen, IReadOnlyList<FontFace> faces)
    {
        int[] characters = Array.ConvertAll(chosen, choice => choice.Character);
        (FontFace Face, bool[] Holds)[] all = [.. faces.AsParallel().AsOrdered().Select(face => (face, Draws(face, characters)))];
        return chosen.Select((choice, i) => new Character(
            choice.Character, choice.Script, Families(i, isHeldOut: false), Families(i, isHeldOut: true)));

        FontFace[][] Families(int character, bool isHeldOut) =>
        [
            .. all.Where(pair => pair.Holds[character] && pair.Face.IsHeldOut == isHeldOut)
                .GroupBy(pair => pair.Face.Family, pair => pair.Face)
                .Select(family => family.ToArray()),
        ];
    }

    /// <summary>Whether the typeface has an outline of each character: fonts of bitmaps, and some glyphs of others, have none.</summary>
    private static bool[] Draws(FontFace face, int[] characters)
    {
        bool[] holds = face.Holds(characters);
        for (int i = 0; i < holds.Length; i++)
        {
            using SKPath? outline = holds[i] ? face.Outline(characters[i]) : null;
            holds[i] = outline is not null;
        }

        return holds;
    }
}
