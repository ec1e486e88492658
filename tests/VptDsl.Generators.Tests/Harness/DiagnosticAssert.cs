using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace VptDsl.Generators.Tests.Harness;

/// <summary>Says in one line which diagnostic a source must bring, where, and with which words.</summary>
internal static class DiagnosticAssert
{
    /// <summary>
    /// Fails unless the generator reports exactly this, at the one marked place, and writes a placeholder at most, beside base classes.
    /// </summary>
    public static void Reports(string markedSource, string id, string message)
    {
        GeneratorRun run = ReportsAll(markedSource, id);
        Assert.Equal(message, run.Diagnostics.Single().GetMessage(null));
    }

    /// <summary>
    /// Fails unless the generator reports exactly these, one for each mark, in the order of the marks, and writes a placeholder at most.
    /// </summary>
    public static GeneratorRun ReportsAll(string markedSource, params string[] ids)
    {
        MarkedSource source = MarkedSource.Parse("using VptDsl;\n\n" + markedSource);
        GeneratorRun run = GeneratorHarness.Run(source.Text);
        var lines = SourceText.From(source.Text).Lines;

        Diagnostic[] found = [.. run.Diagnostics.OrderBy(d => d.Location.SourceSpan.Start).ThenBy(d => d.Id)];
        Assert.Equal(
            source.Spans.Zip(ids, (span, id) => $"{id} at '{source.Text[span.Start..span.End]}' {lines.GetLinePositionSpan(span)}"),
            found.Select(d => $"{d.Id} at '{TextAt(source, d)}' {d.Location.GetLineSpan().Span}"));
        Assert.All(found, d => Assert.Equal("Model.cs", d.Location.GetLineSpan().Path));
        IEnumerable<GeneratedFile> models = run.Sources
            .Where(file => !file.Text.Contains("models that derive from it", StringComparison.Ordinal));
        if (models.Any())
            Assert.Contains(models, file => file.Text.Contains("once its declaration is right", StringComparison.Ordinal));
        OfferedFix.AssertEachHelps(source.Text, run);
        return run;
    }

    /// <summary>Fails if the generator reports anything, or writes nothing, or the result does not compile.</summary>
    public static GeneratorRun ReportsNothing(string source)
    {
        GeneratorRun run = GeneratorHarness.Run("using VptDsl;\n\n" + source);
        Assert.Empty(run.Diagnostics);
        Assert.NotEmpty(run.Sources);
        Assert.Empty(run.CompileErrors);
        return run;
    }

    private static string TextAt(MarkedSource source, Diagnostic diagnostic)
    {
        TextSpan span = diagnostic.Location.SourceSpan;
        return source.Text[span.Start..span.End];
    }
}
