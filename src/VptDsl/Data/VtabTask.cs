using System.Collections.Immutable;

namespace VptDsl.Data;

/// <summary>The three groups of VTAB; results are averaged over the tasks of each.</summary>
public enum VtabGroup
{
    /// <summary>Photographs of things, animals and places (7 tasks).</summary>
    Natural,

    /// <summary>Images of special cameras: medicine and satellites (4 tasks).</summary>
    Specialized,

    /// <summary>Counting, distances, angles; mostly rendered scenes (8 tasks).</summary>
    Structured,
}

/// <summary>The parts of a VTAB-1k task.</summary>
public enum VtabSplit
{
    /// <summary>800 images to train on while settings are being chosen.</summary>
    Train800,

    /// <summary>200 images to choose settings with.</summary>
    Val200,

    /// <summary>Both together, to train the final model on.</summary>
    Train800Val200,

    /// <summary>The original test set.</summary>
    Test,
}

/// <summary>One of the 19 tasks of VTAB-1k, in the layout of folders and lists that most public code shares.</summary>
/// <remarks>
/// A root holds a folder for each task; in it lie <c>train800.txt</c>, <c>val200.txt</c>, <c>train800val200.txt</c> and
/// <c>test.txt</c> (see <see cref="ListFile"/>), with paths that start from the task's folder.
/// </remarks>
public sealed class VtabTask
{
    private readonly string[] _otherNames;

    private VtabTask(VtabGroup group, string name, int classes, params string[] otherNames)
    {
        Group = group;
        Name = name;
        Classes = classes;
        _otherNames = otherNames;
    }

    /// <summary>All tasks, in the paper's order.</summary>
    public static ImmutableArray<VtabTask> All { get; } =
    [
        new(VtabGroup.Natural, "cifar", 100, "cifar100", "cifar_100"),
        new(VtabGroup.Natural, "caltech101", 102),
        new(VtabGroup.Natural, "dtd", 47),
        new(VtabGroup.Natural, "oxford_flowers102", 102, "flowers102"),
        new(VtabGroup.Natural, "oxford_iiit_pet", 37, "pets"),
        new(VtabGroup.Natural, "svhn", 10),
        new(VtabGroup.Natural, "sun397", 397),
        new(VtabGroup.Specialized, "patch_camelyon", 2),
        new(VtabGroup.Specialized, "eurosat", 10),
        new(VtabGroup.Specialized, "resisc45", 45),
        new(VtabGroup.Specialized, "diabetic_retinopathy", 5),
        new(VtabGroup.Structured, "clevr_count", 8),
        new(VtabGroup.Structured, "clevr_dist", 6),
        new(VtabGroup.Structured, "dmlab", 6),
        new(VtabGroup.Structured, "kitti", 4),
        new(VtabGroup.Structured, "dsprites_loc", 16),
        new(VtabGroup.Structured, "dsprites_ori", 16),
        new(VtabGroup.Structured, "smallnorb_azi", 18),
        new(VtabGroup.Structured, "smallnorb_ele", 9),
    ];

    /// <summary>The group that the task belongs to.</summary>
    public VtabGroup Group { get; }

    /// <summary>The task's name, which is its folder's.</summary>
    public string Name { get; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The task of a name.</summary>
    /// <param name="name">Its folder's name, or another that is in use for it, such as <c>cifar100</c>.</param>
    /// <exception cref="ArgumentException">There is no such task; the message lists them all.</exception>
    public static VtabTask Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(task => task.IsCalled(name)) ?? throw new ArgumentException(
            $"VTAB has no task \"{name}\"; its tasks are {string.Join(", ", All.Select(task => task.Name))}.", nameof(name));
    }

    /// <summary>The tasks whose folders lie in a root.</summary>
    /// <param name="root">The folder that holds the tasks' folders.</param>
    public static ImmutableArray<VtabTask> In(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return [.. All.Where(task => task.FolderIn(root) is not null)];
    }

    /// <summary>Where a list of the task is.</summary>
    /// <param name="root">The folder that holds the tasks' folders.</param>
    /// <param name="split">Which part.</param>
    /// <exception cref="ImageDataException">The task's folder is missing.</exception>
    public string ListPath(string root, VtabSplit split)
    {
        ArgumentNullException.ThrowIfNull(root);
        string folder = FolderIn(root) ?? throw new ImageDataException(
            Path.Combine(root, Name), "there is no such folder", "Give the folder that holds the folders of the VTAB-1k tasks.");
        return Path.Combine(folder, split.ToString().ToLowerInvariant() + ".txt");
    }

    /// <summary>Reads a part of the task.</summary>
    /// <param name="root">The folder that holds the tasks' folders.</param>
    /// <param name="split">Which part.</param>
    /// <param name="pipeline">What happens to each image; <see cref="Transforms.Vtab"/> unless you have reasons.</param>
    /// <exception cref="ImageDataException">A folder, list or image is missing, or a list is broken.</exception>
    public PixelImages Read(string root, VtabSplit split, ImagePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return ListFile.Read(ListPath(root, split), pipeline, root: null, ListFile.NumberNames(Classes));
    }

    /// <summary>The task's name.</summary>
    public override string ToString() => Name;

    private bool IsCalled(string name) => Name == name || _otherNames.Contains(name);

    private string? FolderIn(string root) =>
        _otherNames.Prepend(Name).Select(name => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);
}
