using System.Globalization;
using VptDsl.Weights;

namespace VptDsl.Training.Logs;

/// <summary>A log for TensorBoard: event files in a folder, which <c>tensorboard --logdir</c> shows.</summary>
/// <remarks>
/// Each time a run begins or goes on it has a file of its own, which tells TensorBoard to forget the steps after where it goes on. Give
/// each run a folder of its own.
/// </remarks>
public sealed class TensorBoardLog : IRunLog
{
    private readonly TimeProvider _time;
    private FileStream? _file;

    /// <summary>A log in a folder.</summary>
    /// <param name="directory">The folder; made where it is missing.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public TensorBoardLog(string directory)
        : this(directory, TimeProvider.System)
    {
    }

    internal TensorBoardLog(string directory, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        (Directory, _time) = (directory, time);
    }

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>Opens a new file in the folder.</summary>
    /// <param name="step">What was logged after it in other files of the folder, TensorBoard forgets.</param>
    /// <exception cref="IOException">No file can be made there.</exception>
    public void Begin(int step)
    {
        End();
        AtomicFile.CreateDirectory(Directory);
        DateTimeOffset now = _time.GetUtcNow();

        // TensorBoard reads files in the order of their names.
        string name = string.Create(
            CultureInfo.InvariantCulture, $"events.out.tfevents.{now.ToUnixTimeSeconds():D10}.{now.UtcTicks:D19}.{Guid.NewGuid():N}");
        LogFile.Try(() => _file = new FileStream(
            System.IO.Path.Combine(Directory, name), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
        Write(EventRecord.Version(Now), EventRecord.Start(Now, step + 1));
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Log(int step, IReadOnlyList<LoggedValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (_file is null)
            throw new InvalidOperationException($"{Directory}: nothing can be logged before a run begins.");
        Write(EventRecord.Scalars(Now, step, values));
    }

    /// <inheritdoc/>
    public void End()
    {
        FileStream? file = _file;
        _file = null;
        LogFile.Try(() => file?.Dispose());
    }

    /// <summary>The folder.</summary>
    public override string ToString() => Directory;

    private double Now => _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    private void Write(params IReadOnlyList<byte[]> records) => LogFile.Try(() =>
    {
        foreach (byte[] record in records)
            _file!.Write(RecordFrame.Of(record));
        _file!.Flush();
    });
}
