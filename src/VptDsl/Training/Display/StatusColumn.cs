using Spectre.Console;
using Spectre.Console.Rendering;

namespace VptDsl.Training.Display;

/// <summary>A progress bar with its text in one line, whatever the terminal's width is just now.</summary>
internal sealed class StatusColumn(StatusLine line, int epochs) : ProgressColumn
{
    /// <inheritdoc/>
    protected override bool NoWrap => true;

    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        double done = task.Percentage / 100;
        // A line that fills the last column would wrap on some terminals.
        (int length, string text) = line.Arrange(options.ConsoleSize.Width - 1, epochs, done, task.RemainingTime);
        (string full, string empty) = options.Unicode ? ("━", "─") : ("#", ".");
        int filled = (int)(done * length);
        return new Paragraph()
            .Append(string.Concat(Enumerable.Repeat(full, filled)), new Style(Color.Green))
            .Append(string.Concat(Enumerable.Repeat(empty, length - filled)), new Style(Color.Grey))
            .Append(length > 0 ? "  " + text : text);
    }
}
