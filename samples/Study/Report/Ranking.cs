using System.Collections.Immutable;

namespace Study.Report;

/// <summary>Compares two orders of the same things.</summary>
internal static class Ranking
{
    /// <summary>
    /// Kendall's τ: the pairs that both order alike less those that they order the other way, as a share of all pairs. A pair that either
    /// does not order counts as neither.
    /// </summary>
    /// <param name="first">A number for each thing, by which it is ordered.</param>
    /// <param name="second">Another, in the same order of things.</param>
    /// <returns>From -1, the one the reverse of the other, to 1, the same.</returns>
    public static double KendallTau(IReadOnlyList<double> first, IReadOnlyList<double> second) =>
        Pairs(first.Count).Average(pair => Agreement(pair, first, second));

    /// <summary>The pairs of things that one orders one way, and the other the other way.</summary>
    /// <param name="first">A number for each thing, by which it is ordered.</param>
    /// <param name="second">Another, in the same order of things.</param>
    /// <returns>Their places in the lists.</returns>
    public static ImmutableArray<(int A, int B)> Reversed(IReadOnlyList<double> first, IReadOnlyList<double> second) =>
        [.. Pairs(first.Count).Where(pair => Agreement(pair, first, second) < 0)];

    /// <summary>The place of each number among all, the highest first; equal ones share the better place.</summary>
    public static ImmutableArray<int> Places(IReadOnlyList<double> numbers) =>
        [.. numbers.Select(number => 1 + numbers.Count(other => other > number))];

    private static IEnumerable<(int A, int B)> Pairs(int count) =>
        Enumerable.Range(0, count).SelectMany(a => Enumerable.Range(a + 1, count - a - 1).Select(b => (a, b)));

    private static int Agreement((int A, int B) pair, IReadOnlyList<double> first, IReadOnlyList<double> second) =>
        first[pair.A].CompareTo(first[pair.B]) * second[pair.A].CompareTo(second[pair.B]);
}
