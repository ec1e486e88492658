using System.Text.Json;
using VptDsl.Training.Recipes;

namespace Vtab;

/// <summary>The files of a folder of results, a run's own and those of all runs before.</summary>
internal static class ResultFiles
{
    /// <summary>The end of the name of a file with the best settings' final runs.</summary>
    public const string Finals = "-best";

    private static readonly JsonSerializerOptions AsWritten = new(JsonSerializerDefaults.Web);

    /// <summary>Where results lie.</summary>
    /// <param name="folder">The folder of the results.</param>
    /// <param name="task">The task.</param>
    /// <param name="variant">What was declared.</param>
    /// <param name="suffix"><see cref="Finals"/>, or nothing for the trials.</param>
    public static string PathOf(string folder, string task, string variant, string suffix) =>
        Path.Combine(folder, $"{task}-{variant}{suffix}.jsonl");

    /// <summary>What is found of a task: the final runs of the variant that validation prefers; null where no runs are all there.</summary>
    /// <param name="folder">The folder of the results.</param>
    /// <param name="task">The task.</param>
    /// <param name="variants">What a method may declare.</param>
    /// <param name="seeds">How many final runs there are when all are.</param>
    public static SweepReport? Read(string folder, string task, IEnumerable<string> variants, int seeds) => variants
        .Select(variant => PathOf(folder, task, variant, Finals)).Where(File.Exists).Select(Read).OfType<SweepReport>()
        .Where(report => report.Finals.Length >= seeds)
        .MaxBy(report => report.Best.ValidationAccuracy);

    private static SweepReport? Read(string file)
    {
        // A line that a crash cut off has no end.
        string text = File.ReadAllText(file);
        string[] whole = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Line[] lines = [.. whole.Select(Parse).OfType<Line>()];
        Trial[] trials = [.. lines.Select(line => line.Trial).OfType<Trial>()];
        return trials is not [var best]
            ? null
            : new SweepReport { Trials = [best], Best = best, Finals = [.. lines.Select(line => line.Final).OfType<FinalRun>()] };
    }

    private static Line? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(line, AsWritten);
        }
        catch (JsonException)
        {
            // Whoever goes on from the file is told.
            return null;
        }
    }

    private sealed record Line(Trial? Trial, FinalRun? Final);
}
