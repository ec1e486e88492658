using Spectre.Console;
using VptDsl.Data;
using VptDsl.Training;

namespace VptDsl.Tests.Training;

/// <summary>Progress is shown where somebody looks, and never changes the result.</summary>
public class FitDisplayTests
{
    [Fact]
    public void Nothing_is_shown_where_nothing_is_wanted() => Assert.Empty(Run(ProgressDisplay.Off).Output);

    [Theory]
    [InlineData(ProgressDisplay.Auto)]
    [InlineData(ProgressDisplay.Lines)]
    public void Redirected_output_names_each_epoch_once(ProgressDisplay display)
    {
        string[] lines = Run(display).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, lines.Length);
        Assert.StartsWith("epoch 1/3: loss 1.0986 accuracy ", lines[0]);
        Assert.Contains("validation loss ", lines[2]);
        Assert.Contains("images/s", lines[2]);
    }

    [Fact]
    public void The_bar_describes_the_run_and_leaves_the_result_as_it_is()
    {
        (string output, float[] trained) = Run(ProgressDisplay.Bar, interactive: true);

        Assert.Contains("epoch 1/3", output);
        Assert.Contains("images/s", output);
        Assert.Equal(Run(ProgressDisplay.Off).Trained, trained);
    }

    [Fact]
    public void A_second_fit_under_a_bar_writes_lines_above_it()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = Interactive(writer);
        var options = new FitOptions { Epochs = 1, Progress = ProgressDisplay.Bar };
        using SoftmaxRegression outer = new(3, 3), inner = new(3, 3);
        ImageSet images = ToySets.BrightRows(9, seed: 1);
        Trainer.Fit(
            outer, images, null, options with { EpochCompleted = _ => Trainer.Fit(inner, images, null, options, console) }, console);
        Assert.Contains("epoch 1/1: loss", writer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProgressDisplay.Lines, false)]
    [InlineData(ProgressDisplay.Lines, true)]
    [InlineData(ProgressDisplay.Bar, false)]
    [InlineData(ProgressDisplay.Bar, true)]
    public void A_fit_outlives_its_terminal(ProgressDisplay display, bool isClosed)
    {
        using var writer = new ClosedTerminal(isClosed ? new UnauthorizedAccessException() : new IOException("Input/output error"));
        using var program = new SoftmaxRegression(3, 3);
        IAnsiConsole console = Interactive(writer);
        Trainer.Fit(program, ToySets.BrightRows(9, seed: 1), null, new FitOptions { Epochs = 3, Progress = display }, console);
        Assert.Equal(3, program.Updates.Count);
        Assert.Same(writer, console.Profile.Out.Writer);
    }

    private static IAnsiConsole Interactive(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
        Out = new AnsiConsoleOutput(writer),
    });

    /// <summary>What a terminal does to a program that writes to it after its window, or the program's handle, was closed.</summary>
    private sealed class ClosedTerminal(Exception error) : StringWriter
    {
        public override void Write(char value) => throw error;

        public override void Write(string? value) => throw error;

        public override void Flush() => throw error;
    }

    private static (string Output, float[] Trained) Run(ProgressDisplay display, bool interactive = false)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = interactive ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = interactive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 160;
        using var program = new SoftmaxRegression(3, 3);
        var options = new FitOptions { Epochs = 3, BatchSize = 30, Progress = display };
        Trainer.Fit(program, ToySets.BrightRows(30, seed: 1), ToySets.BrightRows(9, seed: 2), options, console);
        return (writer.ToString(), program.Trained);
    }
}
