using Pretrain.Fonts;

namespace Pretrain.Characters;

/// <summary>Counts how often characters look alike, in fonts that hold both.</summary>
internal sealed class LookAlikes
{
    /// <summary>In how many fonts a character is compared, where as many hold it.</summary>
    private const int FontsEach = 12;

    private const float Same = 0.85f;

    private readonly int _count;
    private readonly byte[] _shared, _same;

    private LookAlikes(int count)
    {
        _count = count;
        _shared = new byte[count * count];
        _same = new byte[count * count];
    }

    /// <summary>Compares characters in one typeface of each family, as far as these bring anything new.</summary>
    public static LookAlikes Among(int[] characters, IReadOnlyList<FontFace> faces)
    {
        var found = new LookAlikes(characters.Length);
        int[] seen = new int[characters.Length];
        foreach (FontFace face in faces.DistinctBy(face => face.Family))
        {
            bool[] holds = face.Holds(characters);
            if (!Enumerable.Range(0, characters.Length).Any(i => holds[i] && seen[i] < FontsEach))
                continue;
            GlyphShape?[] shapes = new GlyphShape?[characters.Length];
            Parallel.For(0, characters.Length, i => shapes[i] = holds[i] ? GlyphShape.Of(face, characters[i]) : null);
            int[] held = [.. Enumerable.Range(0, characters.Length).Where(i => shapes[i] is not null)];
            foreach (int i in held)
                seen[i]++;
            found.Compare(shapes, held);
        }

        return found;
    }

    /// <summary>The share of fonts in which two characters have nearly the same shape; 0 where none holds both.</summary>
    /// <param name="first">A character's place among those that were compared.</param>
    /// <param name="second">Another's.</param>
    public float Share(int first, int second)
    {
        int pair = Pair(first, second);
        return _shared[pair] == 0 ? 0 : (float)_same[pair] / _shared[pair];
    }

    private void Compare(GlyphShape?[] shapes, int[] held) => Parallel.For(0, held.Length, i =>
    {
        for (int j = 0; j < i; j++)
        {
            int pair = Pair(held[i], held[j]);
            if (_shared[pair] == byte.MaxValue)
                continue;
            _shared[pair]++;
            if (shapes[held[i]]!.Likeness(shapes[held[j]]!) >= Same)
                _same[pair]++;
        }
    });

    private int Pair(int first, int second) => (Math.Max(first, second) * _count) + Math.Min(first, second);
}
