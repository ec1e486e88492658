using System.Globalization;
using VptDsl.Training.Parallel;

namespace VptDsl.TrainingHost;

/// <summary>What a process is in a run that several compute together.</summary>
internal static class Role
{
    private const string Secret = "known to the tests alone";

    // Machines that run tests are busy: who waits for somebody that comes waits for as long as it takes.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    /// <summary>The group that the arguments name; null for a run alone.</summary>
    public static WorkerGroup? Of(string[] args) => (ValueOf(args, "lead"), ValueOf(args, "join")) switch
    {
        ({ } address, _) => new LeadingWorkers(address, Secret, workers: 3)
        {
            StartTimeout = Long,
            StallTimeout = ValueOf(args, "stall") is { } seconds ? TimeSpan.FromSeconds(Number(seconds)) : Long,
        },
        (_, { } address) => new JoiningWorkers(address, Secret) { JoinTimeout = Long },
        _ => null,
    };

    /// <summary>The images of a shard; null where the arguments do not say it.</summary>
    public static int? ShardOf(string[] args) =>
        ValueOf(args, "shards") is { } images ? Number(images) : null;

    /// <summary>Waits, where the arguments say so as "await=EPOCH:COUNT", after an epoch until so many others have come.</summary>
    public static void Await(string[] args, WorkerGroup? group, int epoch)
    {
        if (group is LeadingWorkers leading && ValueOf(args, "await")?.Split(':') is [var after, var count] && epoch == Number(after))
            SpinWait.SpinUntil(() => leading.Came >= Number(count), Long);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string? ValueOf(string[] args, string name) =>
        args.FirstOrDefault(arg => arg.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
