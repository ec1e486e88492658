using System.CommandLine;
using VptDsl.Orleans;

namespace VptDsl.Tool.Sweeps;

/// <summary>Which cluster a command is about.</summary>
internal static class ClusterOption
{
    /// <summary>The option of a command that has one of its own if none is named.</summary>
    public static Option<string?> Optional() => new("--cluster")
    {
        Description = "Has the runs made by a cluster: a folder that all silos see, or a JSON file that says where Redis or PostgreSQL is "
            + "(docs/cluster.md). Without a value: by a cluster in this process, with --workers at a time.",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "where",
    };

    /// <summary>The option of a silo.</summary>
    public static Option<string> Required() => new("--cluster")
    {
        Description = "The cluster: a folder that all silos on this machine see, or a JSON file that says where Redis or PostgreSQL is.",
        Required = true,
        HelpName = "where",
    };

    /// <summary>The cluster that an option names; one in this process where it names none.</summary>
    /// <param name="named">The option's value.</param>
    /// <param name="results">The results file, beside which an own cluster keeps its sweep.</param>
    public static ClusterSettings Read(string? named, FileInfo results) => named is { Length: > 0 }
        ? ClusterSettings.Load(named)
        : new ClusterSettings { Store = ClusterStore.Embedded, Folder = $"{results.FullName}.cluster" };
}
