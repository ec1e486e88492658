using System.Globalization;
using VptDsl.Training.Parallel;

namespace VptDsl.TrainingHost;

/// <summary>What a process is in a run that several compute together.</summary>
internal static class Role
{
    private const string Secret = "known to the tests alone";

    /// <summary>The group that the arguments name; null for a run alone.</summary>
    public static WorkerGroup? Of(string[] args) => (ValueOf(args, "lead"), ValueOf(args, "join")) switch
    {
        ({ } address, _) => new LeadingWorkers(address, Secret, workers: 3)
        {
            StartTimeout = TimeSpan.FromSeconds(20),
            StallTimeout = TimeSpan.FromSeconds(1.5),
        },
        (_, { } address) => new JoiningWorkers(address, Secret) { JoinTimeout = TimeSpan.FromSeconds(20) },
        _ => null,
    };

    /// <summary>The images of a shard; null where the arguments do not say it.</summary>
    public static int? ShardOf(string[] args) =>
        ValueOf(args, "shards") is { } images ? int.Parse(images, CultureInfo.InvariantCulture) : null;

    private static string? ValueOf(string[] args, string name) =>
        args.FirstOrDefault(arg => arg.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
