using System.Text;
using VptDsl.Weights;

namespace VptDsl.Training.Logs;

/// <summary>A log of lines of text in one file, each of a step.</summary>
public abstract class LineLog : IRunLog
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    private StreamWriter? _writer;

    private protected LineLog(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What stands before the lines; null for nothing.</summary>
    private protected abstract string? Header { get; }

    /// <summary>What the first line of any such file begins with.</summary>
    private protected abstract string Beginning { get; }

    /// <summary>Keeps the lines of the steps so far, and opens the file to go on.</summary>
    /// <param name="step">Later steps' lines are dropped, and a last line that a crash cut off.</param>
    /// <exception cref="IOException">The file cannot be written, or holds something else than such a log.</exception>
    public void Begin(int step)
    {
        End();
        List<string> kept = Header is { } header ? [header] : [];
        if (File.Exists(Path) && new FileInfo(Path).Length > 0)
            kept.AddRange(Kept(step));
        AtomicFile.Write(Path, stream => stream.Write(Encoding.GetBytes(string.Concat(kept.Select(line => line + "\n")))));
        LogFile.Try(() =>
        {
            var file = new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            _writer = new StreamWriter(file, Encoding) { NewLine = "\n" };
        });
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Log(int step, IReadOnlyList<LoggedValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (_writer is not { } writer)
            throw new InvalidOperationException($"{Path}: nothing can be logged before a run begins.");
        LogFile.Try(() =>
        {
            foreach (string line in Lines(step, values))
                writer.WriteLine(line);
            writer.Flush();
        });
    }

    /// <inheritdoc/>
    public void End()
    {
        StreamWriter? writer = _writer;
        _writer = null;
        LogFile.Try(() => writer?.Dispose());
    }

    /// <summary>The file.</summary>
    public override string ToString() => Path;

    /// <summary>The lines of a step's numbers.</summary>
    private protected abstract IEnumerable<string> Lines(int step, IReadOnlyList<LoggedValue> values);

    /// <summary>The step of a line; null where it is no whole line of such a log.</summary>
    private protected abstract int? StepOf(string line);

    private IEnumerable<string> Kept(int step)
    {
        string[] lines = File.ReadAllText(Path, Encoding).Split('\n');
        if (!lines[0].StartsWith(Beginning, StringComparison.Ordinal))
        {
            throw new IOException(
                $"{Path} is there already and is no log of this kind: give the log a file of its own, or delete this one.");
        }

        // What follows the last line break is empty, or a line that a crash cut off.
        return lines.SkipLast(1).Select(line => line.TrimEnd('\r')).Where(line => StepOf(line) <= step);
    }
}
