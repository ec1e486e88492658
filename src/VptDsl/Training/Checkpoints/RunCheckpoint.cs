using System.Collections.Immutable;
using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Training.Checkpoints;

/// <summary>Saves a run and brings it back.</summary>
internal sealed class RunCheckpoint
{
    private readonly ModelProgram _program;
    private readonly Checkpoint _checkpoint;
    private readonly ImmutableSortedDictionary<string, string> _fingerprint;
    private readonly BestParameters _best;
    private readonly Region[] _moments;
    private readonly bool _averages;
    private readonly ParameterDescription[] _trained;
    private readonly ParameterDescription[] _measured;
    private int _steps;

    /// <summary>Prepares to save a run.</summary>
    /// <param name="program">The program that is trained.</param>
    /// <param name="checkpoint">Where and how often.</param>
    /// <param name="fingerprint">What the run is, taken before it begins.</param>
    /// <param name="best">Its best epoch.</param>
    /// <param name="options">Decide which moments and averages there are.</param>
    public RunCheckpoint(
        ModelProgram program, Checkpoint checkpoint, ImmutableSortedDictionary<string, string> fingerprint, BestParameters best,
        FitOptions options)
    {
        _averages = options.Average is not null;
        _program = program;
        _checkpoint = checkpoint;
        _fingerprint = fingerprint;
        _best = best;
        _moments = options.Optimizer.Kind == OptimizerKind.AdamW ? [Region.FirstMoments, Region.SecondMoments] : [Region.FirstMoments];
        _trained = [.. program.Model.Parameters.Where(parameter => parameter.Trained)];
        _measured = [.. program.Model.Parameters.Where(parameter => parameter.IsMeasured)];
    }

    /// <summary>Counts a step.</summary>
    /// <returns>Whether it is time to save.</returns>
    public bool IsDue() => ++_steps % _checkpoint.EverySteps == 0;

    /// <summary>Writes the run, replacing what was written before.</summary>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public void Save(RunState state) => CheckpointFile.Write(
        _checkpoint.Path, _fingerprint, RunStateJson.Write(state),
        [.. Tensors(state).Select(entry => new TensorToWrite(entry.Name, entry.Shape, () => entry.Read()))]);

    /// <summary>Puts the saved run into the program.</summary>
    /// <param name="epochs">The number of epochs of the run.</param>
    /// <param name="stepsPerEpoch">The number of steps in each.</param>
    /// <returns>Where it stands; null if nothing was saved. The program is only written to once all has been checked.</returns>
    /// <exception cref="WeightFileException">The file is damaged, or belongs to another run.</exception>
    public RunState? Resume(int epochs, int stepsPerEpoch)
    {
        if (!File.Exists(_checkpoint.Path))
            return null;

        using SafetensorsFile file = Open();
        RunState state = RunStateJson.Read(CheckpointFile.Check(file, _fingerprint), epochs, stepsPerEpoch)
            ?? throw CheckpointFile.Damaged(file.Path, "it does not say where the run stands");
        List<StoredTensor> tensors = [.. Tensors(state)];
        var mismatches = new MismatchList();
        foreach (StoredTensor tensor in tensors)
            mismatches.Check(file, tensor.Name, tensor.Shape);
        mismatches.ThrowIfAny(file.Path, () => "Delete the file to begin the run anew.");

        foreach (StoredTensor tensor in tensors)
            tensor.Write(file.ReadFloats(tensor.Name));
        if (state.BestEpoch > 0)
            _best.Resume(state.BestEpoch, state.Reports[state.BestEpoch - 1].Score ?? 0);
        return state;
    }

    private SafetensorsFile Open()
    {
        try
        {
            return SafetensorsFile.Open(_checkpoint.Path);
        }
        catch (WeightFileException e)
        {
            throw new WeightFileException(
                _checkpoint.Path, $"the checkpoint is damaged ({e.Message})",
                "Delete the file to begin the run anew, or restore it from a copy.", innerException: e);
        }
    }

    private IEnumerable<StoredTensor> Tensors(RunState state)
    {
        foreach (ParameterDescription parameter in _trained)
        {
            yield return InProgram("trained", parameter, Region.Trained);
            if (state.IsFinished)
                continue;
            foreach (Region region in _moments)
                yield return InProgram(region == Region.FirstMoments ? "first_moments" : "second_moments", parameter, region);
            if (_averages)
                yield return InProgram("average", parameter, Region.Averages);
        }

        foreach (ParameterDescription parameter in _measured)
        {
            yield return InProgram("measured", parameter, Region.Statistics);
            if (_averages && !state.IsFinished)
                yield return InProgram("average", parameter, Region.AveragedStatistics);
        }

        if (state.IsFinished || !_best.KeepsParameters || state.BestEpoch == 0)
            yield break;
        foreach (ParameterDescription parameter in _trained.Concat(_measured))
        {
            yield return new StoredTensor(
                $"best/{parameter.Name}", parameter.Shape, () => _best.Of(parameter),
                values => values.CopyTo(_best.Of(parameter)));
        }
    }

    private StoredTensor InProgram(string kind, ParameterDescription parameter, Region region)
    {
        var slot = new Slot(region, parameter.Offset);
        return new StoredTensor(
            $"{kind}/{parameter.Name}", parameter.Shape, () => _program.Read(slot, parameter.Count),
            values => _program.Write(slot, values));
    }

    /// <summary>A tensor of a checkpoint, and where its values come from and go to.</summary>
    private sealed record StoredTensor(
        string Name, ImmutableArray<int> Shape, Func<Memory<float>> Read, Action<float[]> Write);
}
