using System.Globalization;
using System.Text.RegularExpressions;
using VptDsl.Generators.Tests.Harness;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>What the generated half of a class says of the model.</summary>
internal sealed partial class GeneratedFacts
{
    private readonly string _text;

    private GeneratedFacts(string text) => _text = text;

    public long TrainableParameters => Constant("TrainableParameters");

    public long BackboneParameters => Constant("BackboneParameters");

    public long TaskBytes => Constant("TaskBytes");

    /// <summary>Floats of the step that do not depend on the batch, and those an image.</summary>
    public (long Shared, long PerImage) StepFloats => Floats("StepBytes");

    /// <summary>Floats of what a GPU's kernels hand on, those that do not depend on the batch, and those an image.</summary>
    public (long Shared, long PerImage) ScratchFloats => Floats("ScratchBytes");

    /// <summary>The table of what the compiler removed, without the text around it.</summary>
    public string Explanation => string.Join('\n', TableOfExplanation().Match(_text).Value.Split('\n').Select(line => line.Trim()));

    /// <summary>A row of <see cref="Explanation"/>: all, forward and backward for an image, and once a step, in GFLOP.</summary>
    public IReadOnlyList<double> Row(string title) =>
    [
        .. Regex.Match(Explanation, $@"^{Regex.Escape(title)}((?:\s+[\d.]+)+)$", RegexOptions.Multiline).Groups[1].Value
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture)),
    ];

    /// <summary>Whether a line stands in the generated code, whatever its indentation.</summary>
    public bool HasLine(string line) => Lines.Contains(Squeezed(line));

    /// <summary>Whether a text stands anywhere in the generated code.</summary>
    public bool Says(string text) => _text.Contains(text, StringComparison.Ordinal);

    private HashSet<string> Lines => field ??= [.. _text.Split('\n').Select(Squeezed)];

    private static string Squeezed(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public static GeneratedFacts Of(string attributes)
    {
        GeneratorRun run = GeneratorHarness.Run($"using VptDsl;\n{attributes} public sealed partial class Model;");
        Assert.Empty(run.Diagnostics);
        return new GeneratedFacts(string.Join('\n', run.Sources.Select(source => source.Text)));
    }

    private (long Shared, long PerImage) Floats(string method)
    {
        Match match = Regex.Match(
            _text, $@"{method}\(int batch\) => 4 \* \((?<shared>\d+) \+ (?:\(batch \* (?<image>\d+)L\)|(?<image>\d+)L \* batch)\)");
        return (Number(match.Groups["shared"].Value), Number(match.Groups["image"].Value));
    }

    private long Constant(string name) => Number(Regex.Match(_text, $@"const long {name} = ([0-9_]+)").Groups[1].Value);

    private static long Number(string digits) =>
        long.Parse(digits.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"A training step  .*?\n\n[^\n]*\.", RegexOptions.Singleline)]
    private static partial Regex TableOfExplanation();
}
