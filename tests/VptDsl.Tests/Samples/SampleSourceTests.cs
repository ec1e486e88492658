using System.Runtime.CompilerServices;

namespace VptDsl.Tests.Samples;

/// <summary>Every sample treats errors, signals and numbers alike.</summary>
public class SampleSourceTests
{
    public static TheoryData<string> Programs =>
        [
            .. Directory.EnumerateFiles(Samples(), "Program.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Samples(), file)),
        ];

    /// <summary>A server's errors and signals are its host's.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void A_sample_runs_under_the_one_handler(string program)
    {
        string text = File.ReadAllText(Path.Combine(Samples(), program));
        if (text.Contains("WebApplication.CreateBuilder", StringComparison.Ordinal))
            Assert.EndsWith("app.Run();", text.TrimEnd(), StringComparison.Ordinal);
        else
            Assert.EndsWith("return CommandProgram.Run(", LastStatement(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_are_numbers_are_made_in_one_place()
    {
        string[] numbers = ["new Option<int", "new Option<long", "new Option<float", "new Option<double"];
        Assert.All(
            Directory.EnumerateFiles(Samples(), "*.cs", SearchOption.AllDirectories),
            file => Assert.All(numbers, number => Assert.DoesNotContain(number, File.ReadAllText(file), StringComparison.Ordinal)));
    }

    private static string LastStatement(string program) =>
        program.Split('\n').Last(line => line.StartsWith("return ", StringComparison.Ordinal)).Split('(')[0] + '(';

    private static string Samples([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "samples"));
}
