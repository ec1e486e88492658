using Microsoft.CodeAnalysis;
using VptDsl.Generators.Tests.Harness;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace VptDsl.Generators.Tests.Inheritance;

/// <summary>
/// Protects the editor's speed and its truth where files share a declaration: an edit of the abstract class reaches every model that
/// inherits what changed, and no other.
/// </summary>
public sealed class InheritanceCachingTests
{
    private const string Study = """
        using VptDsl;
        [Vit(VitSize.Tiny), ShallowPrompt(Tokens = 5), LinearHead(Classes = 7)]
        public abstract partial class Study;
        """;

    private readonly IncrementalSession _session = new(
        ("Study.cs", Study),
        ("Digits.cs", "using VptDsl; [DeepPrompt(Tokens = 10)] public sealed partial class Digits : Study;"),
        ("Plain.cs", "public sealed partial class Plain : Study;"),
        ("Other.cs", "class Other;"));

    [Fact]
    public void The_first_run_compiles_every_model_and_completes_the_base()
    {
        AssertReasons(TrackingNames.Compile, New, New);
        AssertReasons(TrackingNames.WithoutModel, New);
        Assert.Empty(_session.Reasons(TrackingNames.Problems));
    }

    [Fact]
    public void An_unrelated_edit_stops_at_the_first_step()
    {
        _session.Edit("Other.cs", "class Other { int _more; }");

        Assert.All(_session.Reasons(TrackingNames.Read), reason => Assert.True(reason is Cached or Unchanged, $"Read is {reason}."));
        AssertReasons(TrackingNames.Declaration, Cached, Cached, Cached);
        AssertReasons(TrackingNames.Compile, Cached, Cached);
    }

    [Fact]
    public void What_both_models_inherit_compiles_both()
    {
        Edit("VitSize.Tiny", "VitSize.Tiny, Image = 32");

        AssertReasons(TrackingNames.Model, Modified, Modified);
        AssertReasons(TrackingNames.WithoutModel, Cached);
    }

    [Fact]
    public void What_one_model_replaces_compiles_the_other_alone()
    {
        Edit("Tokens = 5", "Tokens = 6");

        AssertReasons(TrackingNames.Model, Cached, Modified);
        AssertReasons(TrackingNames.WithoutModel, Cached);
    }

    [Fact]
    public void A_base_that_moves_compiles_nothing()
    {
        Edit("[Vit", "// one line further down\n[Vit");

        AssertReasons(TrackingNames.Declaration, Unchanged, Unchanged, Unchanged);
        AssertReasons(TrackingNames.Compile, Cached, Cached);
    }

    [Fact]
    public void A_mistake_in_the_base_is_every_models_until_it_is_gone()
    {
        Edit("Classes = 7", "Classes = 1");
        AssertReasons(TrackingNames.Problems, New, New);
        AssertReasons(TrackingNames.Compile, Removed, Removed);

        _session.Edit("Study.cs", Study);
        AssertReasons(TrackingNames.Problems, Removed, Removed);
        AssertReasons(TrackingNames.Compile, New, New);
    }

    [Fact]
    public void A_class_becomes_a_model_and_ceases_to_be_one_with_its_base()
    {
        _session.Edit("Other.cs", "partial class Other : Study;");
        AssertReasons(TrackingNames.Compile, Cached, Cached, New);

        _session.Edit("Study.cs", "public abstract partial class Study;");
        AssertReasons(TrackingNames.Compile, Removed, Removed, Removed);
    }

    [Fact]
    public void Whatever_is_edited_the_result_is_that_of_a_fresh_build()
    {
        string[] bases =
        [
            Study.Replace("Classes = 7", "Classes = 1", StringComparison.Ordinal),
            "public abstract partial class Study;",
            "using VptDsl; [Vit(VitSize.Tiny)] public abstract partial class Study;",
            Study.Replace("public abstract", "public", StringComparison.Ordinal),
            Study.Replace("LinearHead", "SegmentationHead", StringComparison.Ordinal),
            Study.Replace("partial ", "", StringComparison.Ordinal),
            Study.Replace("Study;", "Study : System.Exception;", StringComparison.Ordinal),
            Study,
        ];
        foreach (string text in bases)
        {
            _session.Edit("Study.cs", text);
            _session.AssertAsFresh();
        }

        _session.Edit("Plain.cs", "public sealed partial class Plain : Middle; public abstract partial class Middle;");
        _session.AssertAsFresh();
        _session.Add("Middle.cs", "[VptDsl.SegmentationHead(Classes = 2)] abstract partial class Middle : Study;");
        _session.AssertAsFresh();
    }

    private void Edit(string old, string now) => _session.Edit("Study.cs", Study.Replace(old, now, StringComparison.Ordinal));

    private void AssertReasons(string step, params IncrementalStepRunReason[] expected) =>
        Assert.Equal(expected.Order(), _session.Reasons(step));
}
