using System.Text;
using Spectre.Console;

namespace VptDsl.Training.Display;

/// <summary>A console's output whose failing is nobody's concern: a closed terminal or a full disk under a log ends no training.</summary>
internal sealed class TolerantOutput(IAnsiConsoleOutput output) : IAnsiConsoleOutput
{
    /// <inheritdoc/>
    public TextWriter Writer { get; } = new TolerantWriter(output.Writer);

    /// <inheritdoc/>
    public bool IsTerminal => output.IsTerminal;

    /// <inheritdoc/>
    public int Width => output.Width;

    /// <inheritdoc/>
    public int Height => output.Height;

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding) => output.SetEncoding(encoding);

    private sealed class TolerantWriter(TextWriter writer) : TextWriter
    {
        public override Encoding Encoding => writer.Encoding;

        public override void Write(char value) => Try(() => writer.Write(value));

        public override void Write(char[] buffer, int index, int count) => Try(() => writer.Write(buffer, index, count));

        public override void Write(string? value) => Try(() => writer.Write(value));

        public override void WriteLine(string? value) => Try(() => writer.WriteLine(value));

        public override void Flush() => Try(writer.Flush);

        private static void Try(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What was to be shown is lost, and nothing else.
            }
        }
    }
}
