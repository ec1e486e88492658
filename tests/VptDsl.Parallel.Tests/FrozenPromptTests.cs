using VptDsl.Training;
using VptDsl.Training.Checkpoints;
using VptDsl.Training.Parallel;
using VptDsl.Weights;

namespace VptDsl.Parallel.Tests;

/// <summary>
/// Protects runs whose prompts are drawn and never trained: no backbone's file has them and nobody is sent them, so who has others must
/// neither take part in a run nor go on with it.
/// </summary>
public sealed class FrozenPromptTests : IDisposable
{
    private const string Difference = "frozen prompts";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-frozen-");
    private readonly Device _one = Device.Cpu(1), _two = Device.Cpu(1);
    private readonly FrozenPromptModel _first, _other;

    public FrozenPromptTests()
    {
        using (var backbone = FrozenPromptModel.Create(_one, seed: 1))
            backbone.SaveBackbone(PathOf("backbone"));
        _first = FrozenPromptModel.Load(_one, PathOf("backbone"), seed: 1);
        _other = FrozenPromptModel.Load(_two, PathOf("backbone"), seed: 2);
    }

    public void Dispose()
    {
        _first.Dispose();
        _other.Dispose();
        _one.Dispose();
        _two.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_helper_with_others_is_refused_and_one_that_loads_the_same_task_is_not()
    {
        string error = Assert.Throws<ArgumentException>(Fit).Message;
        _first.SaveTask(PathOf("task"));
        _other.LoadTask(PathOf("task"));

        Assert.Contains(Difference, error);
        Assert.Contains("load the same task", error);
        Assert.Empty(Fit().Warnings);

        FitReport Fit() => _first.Fit(Runs.Train("late"), null, Runs.Options with { Workers = new LocalWorkers(_other) });
    }

    [Fact]
    public async Task A_worker_with_others_is_refused_and_told_why()
    {
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2) { StartTimeout = TimeSpan.FromMinutes(10) };
        using var stop = new CancellationTokenSource();
        Task leader = Task.Run(() => _first.Fit(Runs.Train("late"), null, Runs.Options with { Workers = leading }, stop.Token));

        string error = Assert.Throws<IOException>(() => _other.Fit(
            Runs.Train("late"), null, Runs.Options with { Workers = new JoiningWorkers(leading.Address, Runs.Secret) })).Message;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        Assert.Contains(Difference, error);
        Assert.Contains("load the same task", error);
    }

    [Fact]
    public void A_checkpoint_of_others_is_refused()
    {
        FitOptions options = Runs.Options with { Checkpoint = new Checkpoint(PathOf("checkpoint")) };
        _first.Fit(Runs.Train("late"), null, options);

        string error = Assert.Throws<WeightFileException>(() => _other.Fit(Runs.Train("late"), null, options)).Message;

        Assert.Contains(Difference, error);
    }

    [Fact]
    public void A_model_without_such_prompts_has_checkpoints_as_before()
    {
        using var deep = DeepModel.Create(_one, seed: 1);

        Assert.Equal(CheckpointFile.Unset, RunFingerprint.HashOfFrozen(deep.Compiled));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
