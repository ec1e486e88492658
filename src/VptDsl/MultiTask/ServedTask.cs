using System.Collections.Immutable;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Tasks;

namespace VptDsl.MultiTask;

/// <summary>A task that a <see cref="MultiTaskModel"/> answers for.</summary>
public sealed class ServedTask
{
    private int _uses;

    internal ServedTask(string name, string path, TaskInfo info, string contentHash, int classes)
    {
        (Name, Path, Info, ContentHash) = (name, path, info, contentHash);
        ClassNames = info.ClassNames ?? [.. ListFile.NumberNames(classes)];
    }

    /// <summary>The name under which it was loaded.</summary>
    public string Name { get; }

    /// <summary>The task file that it comes back from.</summary>
    public string Path { get; }

    /// <summary>What the file says about itself.</summary>
    public TaskInfo Info { get; }

    /// <summary>What its images go through; null where the file does not say.</summary>
    public ImagePipeline? Pipeline => Info.Pipeline;

    /// <summary>Whether its images can have several classes, or none.</summary>
    public bool IsMultiLabel => Info.IsMultiLabel;

    /// <summary>The classes' names; their numbers where the file has none.</summary>
    public ImmutableArray<string> ClassNames { get; }

    /// <summary>What tells its parameters from those of another file.</summary>
    internal string ContentHash { get; }

    /// <summary>Its memory on the device; null while it has left.</summary>
    internal TaskMemory? Memory { get; set; }

    /// <summary>When it was last used, as a number that grows with each batch.</summary>
    internal long LastUse { get; set; }

    /// <summary>Whether images of it are under way.</summary>
    internal bool IsInUse => Volatile.Read(ref _uses) > 0;

    /// <summary>Whether it has been unloaded or replaced: it leaves the device when no image of it is under way.</summary>
    internal bool IsGone { get; set; }

    /// <summary>An image of it is under way until it is released.</summary>
    internal void Use() => Interlocked.Increment(ref _uses);

    /// <summary>An image of it is not under way any more.</summary>
    internal void Release() => Interlocked.Decrement(ref _uses);

    /// <summary>The task's name and its classes.</summary>
    public override string ToString() => $"{Name}: {Info}";
}
