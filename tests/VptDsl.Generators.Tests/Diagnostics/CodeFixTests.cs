using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Diagnostics;

/// <summary>
/// Protects what editors offer for an error with one answer: the words, and the source afterwards to the letter. That each offer helps is
/// asked in every test of a diagnostic, by <see cref="DiagnosticAssert"/>.
/// </summary>
public sealed class CodeFixTests
{
    [Theory]
    [InlineData(
        "[Vit(VitSize.Base)] [LinearHead] public sealed class M;",
        "Make 'M' partial",
        "[Vit(VitSize.Base)] [LinearHead] public sealed partial class M;")]
    [InlineData(
        "/// <summary>Mine.</summary>\n[Vit(VitSize.Base)]\npublic partial class M;",
        "Add [LinearHead(Classes = 10)]",
        "/// <summary>Mine.</summary>\n[Vit(VitSize.Base)]\n[LinearHead(Classes = 10)]\npublic partial class M;")]
    [InlineData(
        "namespace N\r\n{\r\n    [LinearHead]\r\n    partial class M;\r\n}",
        "Add [Vit(VitSize.Base)]",
        "namespace N\r\n{\r\n    [LinearHead]\r\n    [Vit(VitSize.Base)]\r\n    partial class M;\r\n}")]
    [InlineData(
        "[Vit(VitSize.Base)]\n[LinearHead]\n[MlpHead] // two layers\npartial class M;",
        "Remove [MlpHead]",
        "[Vit(VitSize.Base)]\n[LinearHead]\n // two layers\npartial class M;")]
    [InlineData(
        "[Vit(VitSize.Base), LinearHead, MlpHead(Layers = 2)]\npartial class M;",
        "Remove [MlpHead]",
        "[Vit(VitSize.Base), LinearHead]\npartial class M;")]
    [InlineData(
        "[Vit(VitSize.Base)]\n[LinearHead]\n[MlpHead]\npartial class M;",
        "Remove [MlpHead]",
        "[Vit(VitSize.Base)]\n[LinearHead]\npartial class M;")]
    [InlineData(
        "[Vit(Width = 100, Layers = 2, Heads = 3)] [LinearHead] partial class M;",
        "Write Width = 99",
        "[Vit(Width = 99, Layers = 2, Heads = 3)] [LinearHead] partial class M;")]
    [InlineData(
        "[Vit(VitSize.Base, Heads = 7)] [LinearHead] partial class M;",
        "Write Heads = 8",
        "[Vit(VitSize.Base, Heads = 8)] [LinearHead] partial class M;")]
    [InlineData(
        "[Vit(VitSize.Base, PatchHeight = 15, Image = 224)] [LinearHead] partial class M;",
        "Write PatchHeight = 16",
        "[Vit(VitSize.Base, PatchHeight = 16, Image = 224)] [LinearHead] partial class M;")]
    [InlineData(
        "[Vit(VitSize.Base, Image = 223)] [LinearHead] partial class M;",
        "Write Image = 224",
        "[Vit(VitSize.Base, Image = 224)] [LinearHead] partial class M;")]
    [InlineData(
        "[Vit(VitSize.Base, Patch = 15)] [LinearHead] partial class M;",
        "Write Patch = 16",
        "[Vit(VitSize.Base, Patch = 16)] [LinearHead] partial class M;")]
    [InlineData(
        "[Vit(VitSize.Base)] [DeepPrompt(Tokens = 5, Layers = \"1, 9..15,^20\")] [LinearHead] partial class M;",
        "Write Layers = \"1,9..11,^12\"",
        "[Vit(VitSize.Base)] [DeepPrompt(Tokens = 5, Layers = \"1,9..11,^12\")] [LinearHead] partial class M;")]
    [InlineData(
        "[Vit(VitSize.Base)] [DeepPrompt(Layers = \"11 .. 3,^1..5\")] [LinearHead] partial class M;",
        "Write Layers = \"3..11,5..^1\"",
        "[Vit(VitSize.Base)] [DeepPrompt(Layers = \"3..11,5..^1\")] [LinearHead] partial class M;")]
    [InlineData(
        "[Vit(VitSize.Base)] [TrainLastLayers(13)] [LinearHead] partial class M;",
        "Write Count = 12",
        "[Vit(VitSize.Base)] [TrainLastLayers(12)] [LinearHead] partial class M;")]
    [InlineData(
        "[Vit(VitSize.Base, Patch = 0)] [LinearHead] partial class M;",
        "Leave Patch out",
        "[Vit(VitSize.Base)] [LinearHead] partial class M;")]
    [InlineData(
        "[Vit(VitSize.Base)] [MlpHead(Layers = -1)] partial class M;",
        "Leave Layers out",
        "[Vit(VitSize.Base)] [MlpHead] partial class M;")]
    public void An_error_with_one_answer_offers_it(string source, string title, string expected)
    {
        OfferedFix offer = Assert.Single(OfferedFix.All("using VptDsl;\n" + source));
        Assert.Equal(title, offer.Title);
        Assert.Equal("using VptDsl;\n" + expected, offer.Source);
        Assert.Empty(GeneratorHarness.Run(offer.Source).Diagnostics);
    }

    /// <summary>An abstract class may say what is wrong, in a file of its own: the offer changes it there.</summary>
    [Fact]
    public void What_is_inherited_is_mended_where_it_is_written()
    {
        const string Source = """
            using VptDsl;
            [Vit(VitSize.Base, Patch = 15)] public abstract partial class Shared;
            [LinearHead] public sealed partial class M : Shared;
            """;
        OfferedFix offer = Assert.Single(OfferedFix.All(Source));
        Assert.Equal(Source.Replace("15", "16", StringComparison.Ordinal), offer.Source);
    }

    [Fact]
    public void A_right_declaration_and_an_error_with_many_answers_offer_nothing()
    {
        Assert.Empty(OfferedFix.All("using VptDsl;\n[Vit(VitSize.Base)] [LinearHead] partial class M;"));
        Assert.Empty(OfferedFix.All("using VptDsl;\n[Vit] [LinearHead] partial class M;"));
        Assert.Empty(OfferedFix.All("partial class M;"));
    }
}
