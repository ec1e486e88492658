using VptDsl.Generators.Tests.Harness;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace VptDsl.Generators.Tests.OpenPrompts;

/// <summary>
/// Protects the editor's speed where a class has a prompt method: only what changes the prompts compiles the model again.
/// </summary>
public sealed class PromptMethodCachingTests
{
    private const string Flowers = """
        using VptDsl;
        using VptDsl.Prompts;
        [Vit(VitSize.Tiny), LinearHead(Classes = 102)]
        public sealed partial class Flowers
        {
            [PromptMethod]
            internal static void Prompt(PromptedLayer layer)
            {
                Tokens keys = layer.Parameter("keys", rows: Sizes.Keys);
                layer.RunAttention(keys, layer.Parameter("values", rows: Sizes.Keys));
            }

            public int Unrelated() => 1;
        }
        """;

    private readonly IncrementalSession _session = new(
        ("Flowers.cs", Flowers), ("Sizes.cs", "internal static class Sizes { public const int Keys = 5; }"));

    [Fact]
    public void An_unrelated_method_of_the_class_compiles_nothing()
    {
        Edit("=> 1", "=> 2");

        Assert.Equal([Cached], _session.Reasons(TrackingNames.Read));
        AssertCached();
    }

    [Fact]
    public void Code_that_moves_compiles_nothing()
    {
        Edit("    [PromptMethod]", "    // one line further down\n    [PromptMethod]");

        Assert.Equal([Unchanged], _session.Reasons(TrackingNames.Declaration));
        AssertCached();
    }

    [Fact]
    public void A_comment_in_the_method_compiles_nothing()
    {
        Edit("        Tokens keys", "        // learned\n        Tokens keys");

        Assert.Equal([Unchanged], _session.Reasons(TrackingNames.Declaration));
        AssertCached();
    }

    [Fact]
    public void Another_number_of_rows_compiles_the_model()
    {
        Edit("rows: Sizes.Keys", "rows: 6");

        Assert.Equal([Modified], _session.Reasons(TrackingNames.Model));
    }

    [Fact]
    public void A_constant_in_another_file_compiles_the_model()
    {
        _session.Edit("Sizes.cs", "internal static class Sizes { public const int Keys = 6; }");

        Assert.Equal([Modified], _session.Reasons(TrackingNames.Model));
    }

    private void Edit(string old, string now) => _session.Edit("Flowers.cs", Flowers.Replace(old, now, StringComparison.Ordinal));

    private void AssertCached()
    {
        Assert.Equal([Cached], _session.Reasons(TrackingNames.Model));
        Assert.Equal([Cached], _session.Reasons(TrackingNames.Compile));
    }
}
