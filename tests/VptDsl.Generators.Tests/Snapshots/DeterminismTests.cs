using System.Globalization;
using VptDsl.Generators.Tests.Harness;
using VptDsl.Testing;

namespace VptDsl.Generators.Tests.Snapshots;

/// <summary>The same declaration gives the same bytes, whoever builds it, wherever, and after whatever else.</summary>
public sealed class DeterminismTests
{
    [Fact]
    public void Twice_the_same() => Assert.Equal(Generate(), Generate());

    public static TheoryData<string> Cultures =>
        [.. TestTier.Cases(["de-DE", "tr-TR", "fa-IR", "sv-SE", "ar-SA", "he-IL"], quick: ["fa-IR"])];

    [Theory]
    [MemberData(nameof(Cultures))]
    public void The_builders_culture_does_not_show(string name)
    {
        List<string> expected = Generate();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Hostile(name);
            Assert.Equal(expected, Generate());
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public void Models_compiled_before_and_meanwhile_do_not_show()
    {
        List<string> expected = Generate();
        var models = TinyModels.All.Select((declaration, i) => (declaration, i)).ToArray();
        string[] reversed = new string[models.Length], parallel = new string[models.Length];
        foreach (var (declaration, i) in models.Reverse())
            reversed[i] = Generate(declaration);
        Parallel.ForEach(models, m => parallel[m.i] = Generate(m.declaration));
        Assert.Equal(expected, reversed);
        Assert.Equal(expected, parallel);
    }

    [Fact]
    public void Several_models_in_one_project_are_what_each_is_alone()
    {
        GeneratedFile[] together = [.. GeneratorHarness.Run(TinyModels.File(string.Concat(TinyModels.All))).Sources];
        GeneratedFile[] alone = [.. TinyModels.All.SelectMany(d => GeneratorHarness.Run(TinyModels.File(d)).Sources)];
        Assert.Equal(Own(alone), Own(together));
        Assert.Equal(TinyModels.All.Count() + 1, alone.Concat(together).Count(file => file.IsShared));
        Assert.Equal(Kernels(alone).Distinct(), Kernels(together));

        static IEnumerable<string> Own(IEnumerable<GeneratedFile> files) =>
            files.Where(file => !file.IsShared).Select(file => file.ToString()).Order();

        // A kernel with its functions, from its summary on.
        static IEnumerable<string> Kernels(IEnumerable<GeneratedFile> files) => files.Where(file => file.IsShared)
            .SelectMany(file => file.Text.TrimEnd('}', '\n').Split("\n    /// <summary>").Skip(1)).Select(text => text.Trim()).Order();
    }

    [Fact]
    public void Lines_end_alike_everywhere_and_in_nothing_that_cannot_be_seen()
    {
        foreach (GeneratedFile file in TinyModels.All.SelectMany(d => GeneratorHarness.Run(TinyModels.File(d)).Sources))
        {
            Assert.DoesNotContain('\r', file.Text);
            Assert.DoesNotContain('\t', file.Text);
            Assert.EndsWith("}\n", file.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(file.Text.Split('\n'), line => line.EndsWith(' '));
        }
    }

    private static List<string> Generate() => [.. TinyModels.All.Select(Generate)];

    private static string Generate(string declaration) =>
        string.Join('\n', GeneratorHarness.Run(TinyModels.File(declaration)).Sources.Select(s => s.ToString()));

    /// <summary>The culture with signs of its own even where the machine knows no cultures.</summary>
    private static CultureInfo Hostile(string name)
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo(name).Clone();
        culture.NumberFormat.NegativeSign = "−";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = "’";
        culture.NumberFormat.NumberGroupSizes = [2];
        return culture;
    }
}
