using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VptDsl.MultiTask;
using VptDsl.Tasks;

namespace VptDsl.Serving.Hosting;

/// <summary>Keeps a model's tasks what the files of a folder are.</summary>
/// <remarks>
/// <para>
/// A task is read from a copy of its file, and comes back from that when it has left the device: whatever is written into the folder, a
/// task that works goes on until a whole new file has been read.
/// </para>
/// <para>
/// A file is read when it has been the same for a moment, for it may be being written. What cannot be read is tried again, for what kept
/// it may be over, such as a want of memory, but ever more seldom: a file that can never be a task may lie there for as long as it likes.
/// </para>
/// </remarks>
internal sealed partial class TaskFolder : IDisposable
{
    public const string Extension = ".safetensors";

    /// <summary>How long a file has to be the same: longer than the steps in which file systems tell the time.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    private const int CopiesKept = 64;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // As the system's own file systems tell names apart.
    private static readonly StringComparison OfNames =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private readonly MultiTaskModel _model;
    private readonly string _folder;
    private readonly TimeSpan _pause;
    private readonly ServingMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Other> _others = new(StringComparer.Ordinal);
    private readonly Queue<string> _left = [];
    private string _copies = CreateCopies();
    private bool _isFirst = true, _isMissing;
    private int _copy;

    /// <summary>Follows a folder.</summary>
    /// <param name="model">Whose tasks the files are.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="pause">After how long what could not be read is tried again; longer each time, while the file stays the same.</param>
    /// <param name="metrics">Is told of each file.</param>
    /// <param name="logger">Is told of what changes.</param>
    public TaskFolder(MultiTaskModel model, string folder, TimeSpan pause, ServingMetrics metrics, ILogger logger) =>
        (_model, _folder, _pause, _metrics, _logger) = (model, folder, pause, metrics, logger);

    /// <summary>Looks at the files.</summary>
    /// <returns>Whether one has just changed, so that it should be looked at again soon.</returns>
    public bool Look()
    {
        Dictionary<string, Stamp> files;
        string[] others;
        try
        {
            ILookup<bool, string> all = Directory.GetFiles(_folder).ToLookup(file => file.EndsWith(Extension, OfNames));
            files = all[true].ToDictionary(file => Path.GetFileNameWithoutExtension(file), Stamp.Of, StringComparer.Ordinal);
            others = [.. all[false]];
            _isMissing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A share that has gone for a while is no reason to serve nothing.
            if (!_isMissing)
                LogFolder(_logger, _folder, e.Message);
            _isMissing = true;
            return false;
        }

        foreach (string gone in _entries.Keys.Except(files.Keys).ToArray())
            Remove(gone);
        bool isUnsettled = false;
        foreach ((string name, Stamp stamp) in files)
            isUnsettled |= !Settle(name, stamp);
        TellOfOthers(others);
        _isFirst = false;
        return isUnsettled;
    }

    public void Dispose() => Try(() => Directory.Delete(_copies, recursive: true));

    /// <summary>Says, once, which task files are not served for their names; what is being written has another name for a moment.</summary>
    private void TellOfOthers(string[] files)
    {
        foreach (string gone in _others.Keys.Except(files).ToArray())
            _others.Remove(gone);
        foreach (string file in files)
        {
            Stamp stamp = Stamp.Of(file);
            bool isSettled = (_others.TryGetValue(file, out Other known) && known.Stamp == stamp) || _isFirst;
            // Somebody's copy of a task that is served, or was.
            bool isCopy = Path.GetFileName(file).Contains(Extension, StringComparison.OrdinalIgnoreCase);
            if (isSettled && !isCopy && !known.IsKnown && IsTask(file, stamp))
                LogOther(_logger, Path.GetFileName(file), Path.GetFileNameWithoutExtension(file) + Extension);
            _others[file] = new(stamp, isSettled);
        }
    }

    private static bool IsTask(string file, Stamp stamp)
    {
        try
        {
            // A pipe has no length, and to open one is to wait.
            if (stamp.Bytes > 0)
                TaskFile.Inspect(file);
            return stamp.Bytes > 0;
        }
        catch (Exception)
        {
            // Whatever it is: tasks are served on.
            return false;
        }
    }

    /// <summary>A new folder that nobody else may write to.</summary>
    private static string CreateCopies() => Directory.CreateTempSubdirectory("vptdsl-tasks-").FullName;

    private void Remove(string name)
    {
        _entries.Remove(name, out Entry? entry);
        if (_model.Unload(name))
            LogUnloaded(_logger, name);
        Leave(entry!);
    }

    /// <summary>Takes up a file that has changed; false where it is to be looked at again.</summary>
    private bool Settle(string name, Stamp stamp)
    {
        if (!_entries.TryGetValue(name, out Entry? entry))
            _entries[name] = entry = new Entry();
        // Without its copy, which the system's cleaner of temporary files may have taken, a task could not come back.
        if (entry.Loaded == stamp && File.Exists(entry.Copy))
        {
            entry.Problem = null;
            return true;
        }

        if (entry.Seen != stamp)
            (entry.Seen, entry.SeenAt, entry.Pause) = (stamp, Stopwatch.GetTimestamp(), TimeSpan.Zero);
        if (Stopwatch.GetElapsedTime(entry.FailedAt) < entry.Pause)
            return true;
        bool isSettled = _isFirst || Stopwatch.GetElapsedTime(entry.SeenAt) >= Settling;
        if (isSettled)
            Load(name, stamp, entry);
        return isSettled;
    }

    private void Load(string name, Stamp stamp, Entry entry)
    {
        string source = Path.Combine(_folder, name + Extension);
        string? copy = null;
        try
        {
            // A pipe has no length either, and to open one is to wait.
            if (stamp.Bytes == 0)
                throw new IOException($"{source} is empty, or leads to no file.");
            // What tells by its header that it is no task, as a backbone does, need not be copied again and again. Only then: who writes
            // into a file while it is looked at takes memory away.
            if (entry.Problem is not null)
                TaskFile.Inspect(source);
            copy = NextCopy();
            File.Copy(source, copy);
            // What cannot be written cannot be deleted on Windows.
            File.SetAttributes(copy, FileAttributes.Normal);
            _model.Replace(name, copy);
            LogLoaded(_logger, name, stamp.Bytes);
            _metrics.Loaded(succeeded: true);
            Leave(entry);
            (entry.Loaded, entry.Problem, entry.Copy, entry.Pause) = (stamp, null, copy, TimeSpan.Zero);
        }
        catch (Exception e)
        {
            // Whatever it is: other tasks are served on.
            entry.FailedAt = Stopwatch.GetTimestamp();
            entry.Pause = entry.Pause == TimeSpan.Zero ? _pause : TimeSpan.FromTicks(
                Math.Max(entry.Pause.Ticks, Math.Min(2 * entry.Pause.Ticks, LongestPause.Ticks)));
            string problem = e.Message;
            if (copy is not null)
            {
                Try(() => File.Delete(copy));
                problem = problem.Replace(copy, source, StringComparison.Ordinal);
            }

            if (entry.Problem == problem)
                return;
            entry.Problem = problem;
            _metrics.Loaded(succeeded: false);
            LogBroken(_logger, name, problem, entry.Loaded is null ? "The task is not served" : "The task stays as it was");
        }
    }

    private string NextCopy()
    {
        if (!Directory.Exists(_copies))
            _copies = CreateCopies();
        return Path.Combine(_copies, $"{_copy++}{Extension}");
    }

    /// <summary>Lets a copy go in time: images under way may still need the last ones.</summary>
    private void Leave(Entry entry)
    {
        if (entry.Copy is not null)
            _left.Enqueue(entry.Copy);
        while (_left.Count > CopiesKept)
        {
            string oldest = _left.Dequeue();
            Try(() => File.Delete(oldest));
        }
    }

    /// <summary>Deletes what may be gone already; what cannot be deleted is left to the system's cleaner.</summary>
    private static void Try(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Task {Task} is served, from a file of {Bytes} bytes.")]
    private static partial void LogLoaded(ILogger logger, string task, long bytes);

    [LoggerMessage(2, LogLevel.Information, "Task {Task} is served no more: its file is gone.")]
    private static partial void LogUnloaded(ILogger logger, string task);

    [LoggerMessage(3, LogLevel.Warning, "The file of task {Task} cannot be used: {Problem} {Consequence} until there is another file.")]
    private static partial void LogBroken(ILogger logger, string task, string problem, string consequence);

    [LoggerMessage(4, LogLevel.Warning, "The folder {Folder} cannot be read, and tasks stay as they are: {Problem}")]
    private static partial void LogFolder(ILogger logger, string folder, string problem);

    [LoggerMessage(5, LogLevel.Warning, "{File} is a task file and is not served, for its name ends otherwise: call it {Name}.")]
    private static partial void LogOther(ILogger logger, string file, string name);

    /// <summary>What tells a file from what it was.</summary>
    private readonly record struct Stamp(string? Path, long Bytes, DateTime Written)
    {
        public static Stamp Of(string path)
        {
            try
            {
                // A link stays what it is when another file comes where it leads to.
                var file = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
                return file.Exists ? new(file.FullName, file.Length, file.LastWriteTimeUtc) : default;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone since it was listed, or a link that leads nowhere: the next look will tell.
                return default;
            }
        }
    }

    /// <summary>A file that is no task by its name.</summary>
    private readonly record struct Other(Stamp Stamp, bool IsKnown);

    /// <summary>What is known of a file.</summary>
    private sealed class Entry
    {
        public Stamp? Loaded { get; set; }

        public Stamp? Seen { get; set; }

        public long SeenAt { get; set; }

        public string? Problem { get; set; }

        /// <summary>When it could last not be read.</summary>
        public long FailedAt { get; set; }

        /// <summary>How long after that it is tried again, while it stays the same; none where it could be read.</summary>
        public TimeSpan Pause { get; set; }

        /// <summary>The copy that the task comes back from.</summary>
        public string? Copy { get; set; }
    }
}
