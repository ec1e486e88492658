using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Tests.Specs;

/// <summary>Protects the notation for layers, over every short list and over random text.</summary>
public sealed class LayerListProperties
{
    private const int Depth = 7;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 50)];

    [Fact]
    public void Every_layer_can_be_counted_from_either_end()
    {
        for (int layer = 0; layer < Depth; layer++)
        {
            Assert.Equal([layer], Layers($"{layer}"));
            Assert.Equal([layer], Layers($"^{Depth - layer}"));
        }
    }

    [Fact]
    public void Every_range_includes_both_ends_however_they_are_written()
    {
        for (int first = 0; first < Depth; first++)
        {
            for (int last = first; last < Depth; last++)
            {
                int[] expected = [.. Enumerable.Range(first, last - first + 1)];
                foreach (string start in Writings(first, atEnd: first == 0))
                {
                    foreach (string end in Writings(last, atEnd: last == Depth - 1))
                        Assert.Equal(expected, Layers($"{start}..{end}"));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_list_is_the_union_of_its_terms_in_any_order_and_spacing(int seed)
    {
        var random = new Random(seed);
        var expected = new SortedSet<int>();
        var terms = new List<string>();
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int first = random.Next(Depth);
            int last = random.Next(first, Depth);
            expected.UnionWith(Enumerable.Range(first, last - first + 1));
            terms.Add(first == last ? $"{first}" : $"{first}{Spaces(random)}..{Spaces(random)}^{Depth - last}");
        }

        string text = string.Join(",", terms.Select(t => Spaces(random) + t + Spaces(random)));

        Assert.Equal(expected, Layers(text));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_text_is_either_read_or_complained_about(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(8)).Select(_ => "0129^.., -x"[random.Next(11)])]);

            LayerList? list = LayerList.Parse(text, out string complaint);

            Assert.Equal(list is null, complaint.Length > 0);
            if (list is null || !list.Terms.All(t => t.IsInside(Depth) && !t.IsEmpty(Depth)))
                continue;
            IReadOnlyList<int> layers = list.Of(Depth);
            Assert.NotEmpty(layers);
            Assert.Equal(layers.Distinct().Order(), layers);
            Assert.All(layers, layer => Assert.InRange(layer, 0, Depth - 1));
        }
    }

    private static IReadOnlyList<int> Layers(string text)
    {
        LayerList? list = LayerList.Parse(text, out string complaint);
        Assert.Equal("", complaint);
        Assert.All(list!.Terms, t => Assert.True(t.IsInside(Depth) && !t.IsEmpty(Depth)));
        return list.Of(Depth);
    }

    private static IEnumerable<string> Writings(int layer, bool atEnd) =>
        atEnd ? [$"{layer}", $"^{Depth - layer}", ""] : [$"{layer}", $"^{Depth - layer}"];

    private static string Spaces(Random random) => new(' ', random.Next(3));
}
