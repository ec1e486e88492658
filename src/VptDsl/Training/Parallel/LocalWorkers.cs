using VptDsl.Programs;
using VptDsl.Training.Checkpoints;
using VptDsl.Weights;

namespace VptDsl.Training.Parallel;

/// <summary>
/// Tuners of this process, each on a device of its own, that help the one whose <c>Fit</c> is called. Afterwards they have its result too.
/// </summary>
/// <remarks>
/// As long as the fit runs they are being fitted as well: other calls on them throw. They have the declaration, the frozen weights and the
/// frozen prompts of the one that is fitted; what is trained they get from it.
/// </remarks>
public sealed class LocalWorkers : WorkerGroup
{
    /// <summary>Lets tuners help.</summary>
    /// <param name="helpers">The tuners, without the one that is fitted. They are not disposed of with the group.</param>
    /// <exception cref="ArgumentException">A tuner is given twice, or two have the same device.</exception>
    public LocalWorkers(params IReadOnlyList<Tuner> helpers)
    {
        ArgumentNullException.ThrowIfNull(helpers);
        foreach (Tuner helper in helpers)
            ArgumentNullException.ThrowIfNull(helper, nameof(helpers));
        if (helpers.DistinctBy(helper => helper.Device).Count() < helpers.Count)
        {
            throw new ArgumentException(
                "Two of the helpers are on the same device, which computes one shard at a time: give each a device of its own.",
                nameof(helpers));
        }

        Helpers = [.. helpers];
    }

    /// <summary>The tuners that help.</summary>
    public IReadOnlyList<Tuner> Helpers { get; }

    internal override int? Size => Helpers.Count + 1;

    /// <summary>The number of helpers, and where they are.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Helpers.Count} helper{(Helpers.Count == 1 ? "" : "s")}: {string.Join("; ", Helpers.Select(helper => helper.Device.Name))}");

    internal override IWorkerSource Open(RunTerms terms)
    {
        string hash = BackboneHash.Of(terms.Program);
        foreach (Tuner helper in Helpers)
            RequireLike(helper, terms.Program, hash);
        var source = new Source();
        try
        {
            foreach (Tuner helper in Helpers)
                source.Add(new LocalWorker(helper, terms));
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static void RequireLike(Tuner helper, ModelProgram program, string backboneHash)
    {
        if (helper.Compiled == program)
            throw new ArgumentException("FitOptions.Workers has the tuner that is fitted among its helpers: give the others alone.");
        if (helper.Device == program.Device)
        {
            throw new ArgumentException(
                $"FitOptions.Workers has a helper on {helper.Device.Name}, the very device of the tuner that is fitted: "
                + "give each a device of its own.");
        }

        if (helper.Model.Declaration != program.Model.Declaration)
        {
            throw new ArgumentException(
                $"FitOptions.Workers has a helper of another declaration than {program.Model.Name}: \"{helper.Model.Declaration}\" there, "
                + $"\"{program.Model.Declaration}\" here.");
        }

        if (helper.Model.FrozenWeights != program.Model.FrozenWeights)
        {
            throw new ArgumentException(
                $"FitOptions.Workers has a helper with frozen weights in {helper.Model.FrozenWeights}, and {program.Model.Name} has them "
                + $"in {program.Model.FrozenWeights}: declare both alike.");
        }

        if (helper.Compiled.Arithmetic != program.Arithmetic)
        {
            throw new ArgumentException(
                $"FitOptions.Workers has a helper on {helper.Compiled.Arithmetic}, whose rounding is not that of {program.Arithmetic}: "
                + "give all workers devices of one kind.");
        }

        if (helper.BackboneHashOfNow() != backboneHash)
        {
            throw new ArgumentException(
                $"FitOptions.Workers has a helper with other frozen weights than {program.Model.Name}: load the same file into all.");
        }

        if (RunFingerprint.HashOfFrozen(helper.Compiled) != RunFingerprint.HashOfFrozen(program))
        {
            throw new ArgumentException(
                $"FitOptions.Workers has a helper with other frozen prompts or statistics than {program.Model.Name}: "
                + "load the same task into all, or load all with the same seed.");
        }
    }

    private sealed class Source : IWorkerSource
    {
        private readonly List<IShardWorker> _new = [];

        public void Add(IShardWorker worker) => _new.Add(worker);

        public void Gather(CancellationToken cancellation)
        {
        }

        public IReadOnlyList<IShardWorker> TakeNew()
        {
            IShardWorker[] workers = [.. _new];
            _new.Clear();
            return workers;
        }

        public void Dispose() => _new.ForEach(worker => worker.Dispose());
    }
}
