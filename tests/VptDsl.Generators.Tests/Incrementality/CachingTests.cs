using Microsoft.CodeAnalysis;
using VptDsl.Generators.Tests.Harness;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace VptDsl.Generators.Tests.Incrementality;

/// <summary>Protects the editor's speed: a model is compiled again only when its own declaration says something else.</summary>
public sealed class CachingTests
{
    private const string Flowers = """
        using VptDsl;
        [Vit(VitSize.Tiny), DeepPrompt(Tokens = 10), LinearHead(Classes = 102)]
        public sealed partial class Flowers;
        """;

    private const string Birds = """
        using VptDsl;
        [Vit(VitSize.Tiny), ShallowPrompt(Tokens = 5), LinearHead(Classes = 200)]
        public sealed partial class Birds;
        """;

    private readonly IncrementalSession _session = new(("Flowers.cs", Flowers), ("Birds.cs", Birds), ("Other.cs", "class Other;"));

    [Fact]
    public void The_first_run_compiles_every_model()
    {
        Assert.Equal([New, New], _session.Reasons(TrackingNames.Compile));
        Assert.Empty(_session.Reasons(TrackingNames.Problems));
    }

    [Fact]
    public void An_unrelated_edit_stops_at_the_first_step()
    {
        _session.Edit("Other.cs", "class Other { int _more; }");

        AssertNothingRanAfterReading();
    }

    [Fact]
    public void An_unrelated_file_stops_at_the_first_step()
    {
        _session.Add("Another.cs", "class Another;");

        AssertNothingRanAfterReading();
    }

    [Fact]
    public void A_comment_behind_the_declaration_stops_at_the_first_step()
    {
        _session.Edit("Flowers.cs", Flowers + "\n// the end");

        AssertNothingRanAfterReading();
    }

    [Fact]
    public void Moved_code_is_read_again_but_not_compiled()
    {
        _session.Edit("Flowers.cs", "// one line further down\n" + Flowers);

        AssertReasons(TrackingNames.Declaration, Cached, Unchanged);
        AssertReasons(TrackingNames.Model, Cached, Cached);
        AssertReasons(TrackingNames.Compile, Cached, Cached);
    }

    [Fact]
    public void The_same_declaration_in_other_words_is_not_compiled()
    {
        _session.Edit("Flowers.cs", Flowers.Replace("Tokens = 10", "Tokens = 2 * 5", StringComparison.Ordinal));

        AssertReasons(TrackingNames.Declaration, Cached, Unchanged);
        AssertReasons(TrackingNames.Compile, Cached, Cached);
    }

    [Fact]
    public void A_default_written_out_is_the_same_model()
    {
        _session.Edit("Flowers.cs", Flowers.Replace("VitSize.Tiny", "VitSize.Tiny, Patch = 16, Mlp = 768", StringComparison.Ordinal));

        AssertReasons(TrackingNames.Declaration, Cached, Modified);
        AssertReasons(TrackingNames.Model, Cached, Cached);
        AssertReasons(TrackingNames.Compile, Cached, Cached);
    }

    [Fact]
    public void Changed_tokens_compile_that_model_alone()
    {
        _session.Edit("Flowers.cs", Flowers.Replace("Tokens = 10", "Tokens = 11", StringComparison.Ordinal));

        AssertReasons(TrackingNames.Model, Cached, Modified);
        Assert.Single(_session.Reasons(TrackingNames.Compile), Cached);
        AssertReasons(TrackingNames.Kernels, Modified);
    }

    [Fact]
    public void A_changed_precision_compiles_that_model_alone()
    {
        _session.Edit("Flowers.cs", Flowers.Replace(")]", "), Precision(Precision.BFloat16)]", StringComparison.Ordinal));

        AssertReasons(TrackingNames.Model, Cached, Modified);
        AssertReasons(TrackingNames.Compile, Cached, Modified);
        AssertReasons(TrackingNames.Kernels, Modified);
    }

    [Fact]
    public void A_model_that_needs_no_other_kernels_does_not_have_the_shared_ones_written_again()
    {
        _session.Add("More.cs", Flowers.Replace("class Flowers", "class More", StringComparison.Ordinal));

        AssertReasons(TrackingNames.Compile, Cached, Cached, New);
        AssertReasons(TrackingNames.Kernels, Unchanged);
    }

    [Fact]
    public void A_mistake_is_reported_without_compiling_anything()
    {
        _session.Edit("Flowers.cs", Flowers.Replace("Tokens = 10", "Tokens = -1", StringComparison.Ordinal));

        AssertReasons(TrackingNames.Problems, New);
        AssertReasons(TrackingNames.Compile, Cached, Removed);
    }

    [Fact]
    public void A_mistake_that_moves_is_reported_where_it_is_now()
    {
        string mistaken = Flowers.Replace("Tokens = 10", "Tokens = -1", StringComparison.Ordinal);
        _session.Edit("Flowers.cs", mistaken);
        _session.Edit("Flowers.cs", "// one line further down\n" + mistaken);

        AssertReasons(TrackingNames.Problems, Modified);
        AssertReasons(TrackingNames.Compile, Cached);
    }

    [Fact]
    public void A_mistake_that_moves_is_not_written_again()
    {
        string mistaken = Flowers.Replace("Tokens = 10", "Tokens = -1", StringComparison.Ordinal);
        _session.Edit("Flowers.cs", mistaken);
        AssertReasons(TrackingNames.WithoutModel, New);

        _session.Edit("Flowers.cs", "// one line further down\n" + mistaken);
        AssertReasons(TrackingNames.WithoutModel, Cached);

        _session.Edit("Flowers.cs", Flowers);
        AssertReasons(TrackingNames.WithoutModel, Removed);
    }

    [Fact]
    public void Members_of_other_names_do_not_compile_a_model_again()
    {
        _session.Edit("Flowers.cs", Flowers.Replace("Flowers;", "Flowers { public int Mine; }", StringComparison.Ordinal));

        AssertReasons(TrackingNames.Declaration, Cached, Cached);
        AssertReasons(TrackingNames.Compile, Cached, Cached);
    }

    /// <summary>Roslyn reads again on every edit; equal values end there, so that all later steps are cached.</summary>
    private void AssertNothingRanAfterReading()
    {
        Assert.All(_session.Reasons(TrackingNames.Read), reason => Assert.True(reason is Cached or Unchanged, $"Read is {reason}."));
        AssertReasons(TrackingNames.Declaration, Cached, Cached);
        AssertReasons(TrackingNames.Model, Cached, Cached);
        AssertReasons(TrackingNames.Compile, Cached, Cached);
        AssertReasons(TrackingNames.Kernels, Cached);
    }

    private void AssertReasons(string step, params IncrementalStepRunReason[] expected) =>
        Assert.Equal(expected.Order(), _session.Reasons(step));
}
