using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using VptDsl.Training.Parallel;

namespace VptDsl.Tool.Commands;

/// <summary>Who trains together, as a command line says it.</summary>
internal sealed class WorkerOptions
{
    // Of the processes that are started here.
    private readonly string _drawn = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    private readonly Option<int> _workers = Number.Option(
        "--workers",
        "Processes that compute together. Alone, they are started here and share the cores; with --lead, they are those that will join.",
        usual: 1, least: 1, most: LeadingWorkers.MostWorkers);

    private readonly Option<string> _lead = new("--lead")
    {
        Description = "Leads workers of other machines, as host:port: where to listen. "
            + $"They know the secret in {WorkerSecretVariable.Name}.",
    };

    private readonly Option<string> _join = new("--join")
    {
        Description = "Helps the run that is led there, as host:port, with the same command otherwise. The leader writes the files.",
    };

    private readonly Option<int> _threads = Number.Option(
        "--threads", "Threads where the CPU computes; 0 for one for each core, or each worker's part of them.", usual: 0, least: 0,
        most: 1024);

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_workers, _lead, _join, _threads])
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_join) is not null && result.GetValue(_lead) is not null)
                result.AddError("--join helps a run and --lead leads one: give one of the two.");
        });
    }

    /// <summary>Whether another process leads the run.</summary>
    public bool Joins(ParseResult arguments) => Joins(arguments.CommandResult);

    /// <summary>Whether another process leads the run.</summary>
    public bool Joins(CommandResult arguments) => arguments.GetValue(_join) is not null;

    /// <summary>How many threads the CPU has here; 0 for one for each core.</summary>
    public int ThreadsOf(ParseResult arguments) => (arguments.GetValue(_threads), IsLocal(arguments)) switch
    {
        (0, true) => Math.Max(1, Environment.ProcessorCount / arguments.GetValue(_workers)),
        var (threads, _) => threads,
    };

    /// <summary>The group of a command.</summary>
    /// <exception cref="ArgumentException">The secret is missing.</exception>
    public WorkerGroup? Open(ParseResult arguments)
    {
        if (arguments.GetValue(_join) is { } leader)
            return new JoiningWorkers(leader, WorkerSecretVariable.Read());
        int workers = arguments.GetValue(_workers);
        if (arguments.GetValue(_lead) is { } address)
            return new LeadingWorkers(address, WorkerSecretVariable.Read(), workers);
        return IsLocal(arguments) ? new LeadingWorkers("127.0.0.1:0", _drawn, workers) : null;
    }

    /// <summary>Starts the other processes of a run that has all of them here.</summary>
    public LocalProcesses? Start(ParseResult arguments, WorkerGroup? group)
    {
        if (!IsLocal(arguments) || group is not LeadingWorkers leading)
            return null;
        string[] threads = arguments.GetResult(_threads) is { Implicit: false }
            ? []
            : [_threads.Name, FormattableString.Invariant($"{ThreadsOf(arguments)}")];
        return LocalProcesses.Start(leading.Workers - 1, [_join.Name, leading.Address, .. threads], _drawn);
    }

    private bool IsLocal(ParseResult arguments) =>
        arguments.GetValue(_workers) > 1 && arguments.GetValue(_lead) is null && !Joins(arguments);
}
