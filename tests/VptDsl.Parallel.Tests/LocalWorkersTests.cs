using VptDsl.Data;
using VptDsl.Training;
using VptDsl.Training.Parallel;

namespace VptDsl.Parallel.Tests;

/// <summary>What several devices of a process compute together has the bits of one that takes the same shards in turn.</summary>
public sealed class LocalWorkersTests
{
    public static TheoryData<string, int> Crews()
    {
        var crews = new TheoryData<string, int>();
        foreach (string model in Runs.Models)
        {
            crews.Add(model, 1);
            crews.Add(model, 2);
        }

        return crews;
    }

    [Theory]
    [MemberData(nameof(Crews))]
    public void They_compute_the_bits_of_one(string model, int helpers)
    {
        FitOptions options = Runs.OptionsOf(model);
        int shard = (options.BatchSize + helpers) / (helpers + 1);
        shard += options.Mixup is null ? 0 : shard % 2;
        string expected = Runs.Alone(model, options, shard);

        using var crew = new LocalCrew(model, helpers);
        string outcome = Runs.Fit(model, crew.First, options with { Workers = crew.Group });

        Assert.Equal(expected, outcome);
        Assert.All(crew.Helpers, helper => Assert.Equal(Runs.Values(crew.First), Runs.Values(helper)));
        Assert.All(crew.Helpers, helper => Assert.Equal(["a", "b", "c"], helper.ClassNames!));
        Assert.All(crew.Helpers, helper => Assert.Equal(3, helper.TaskClasses));
    }

    [Fact]
    public void Two_simulated_GPUs_compute_the_bits_of_one()
    {
        FitOptions options = Runs.Options with { Epochs = 1, BatchSize = 4 };
        ImageSet train = Sets.Images(6, seed: 1);
        using Device one = Device.Simulator(), two = Device.Simulator(), three = Device.Simulator();
        using var alone = LateModel.Create(one, seed: 1);
        using var first = LateModel.Create(two, seed: 1);
        using var second = LateModel.Create(three, seed: 1);

        FitReport expected = alone.Fit(train, options: options with { MicroBatchSize = 2 });
        FitReport report = first.Fit(train, options: options with { Workers = new LocalWorkers(second) });

        Assert.Equal(Runs.Outcome(alone, expected), Runs.Outcome(first, report));
    }

    [Fact]
    public void Shards_are_those_of_the_micro_batch_size_whoever_computes_them()
    {
        FitOptions options = Runs.OptionsOf("late") with { MicroBatchSize = 2 };
        using var crew = new LocalCrew("late", 2);

        Assert.Equal(Runs.Alone("late", options, 2), Runs.Fit("late", crew.First, options with { Workers = crew.Group }));
    }

    [Fact]
    public void A_helper_that_fails_is_replaced_by_the_others()
    {
        FitOptions options = Runs.OptionsOf("deep");
        string expected = Runs.Alone("deep", options, 4);
        using var crew = new LocalCrew("deep", 1);
        // With this seed the helper computes image 7 in the first two epochs.
        var train = new CountedSet(Runs.Train("deep"), failing: 7, time: 2);

        FitReport report = crew.First.Fit(train, Runs.Validation("deep"), options with { Workers = crew.Group });

        Assert.Equal(expected, Runs.Outcome(crew.First, report));
        Assert.Contains(report.Warnings, warning => warning.Contains("is lost (an image fell down)"));
    }

    [Fact]
    public void Each_worker_reads_ahead_what_it_computes_and_nothing_else()
    {
        using var crew = new LocalCrew("deep", 1);
        var train = new CountedSet(Runs.Train("deep"));

        crew.First.Fit(train, options: Runs.OptionsOf("deep") with { Workers = crew.Group });

        Assert.All(train.Reads, reads => Assert.Equal(Runs.Options.Epochs, reads));
    }

    [Fact]
    public void A_helper_that_is_disposed_of_is_replaced_by_the_others()
    {
        FitOptions options = Runs.OptionsOf("deep");
        string expected = Runs.Alone("deep", options, 4);
        using var crew = new LocalCrew("deep", 1);

        FitReport report = crew.First.Fit(Runs.Train("deep"), Runs.Validation("deep"), options with
        {
            Workers = crew.Group,
            EpochCompleted = _ => crew.Helpers[0].Dispose(),
        });

        Assert.Equal(expected, Runs.Outcome(crew.First, report));
        Assert.Single(report.Warnings, warning => warning.Contains("is lost"));
    }

    [Fact]
    public void A_helper_is_in_use_as_long_as_the_fit_runs()
    {
        using var crew = new LocalCrew("deep", 1);
        var errors = new List<Exception?>();

        crew.First.Fit(Runs.Train("deep"), null, Runs.Options with
        {
            Workers = crew.Group,
            EpochCompleted = _ => errors.Add(Record.Exception(() => crew.Helpers[0].Predict(new float[64]))),
        });

        Assert.All(errors, error => Assert.IsType<InvalidOperationException>(error));
        Assert.Equal(3, errors.Count);
        Assert.Equal(3, crew.Helpers[0].Predict(new float[64]).Length);
    }

    [Fact]
    public void A_helper_that_cannot_help_is_an_error_that_says_why()
    {
        using Device one = Device.Cpu(1), two = Device.Cpu(1);
        using var first = DeepModel.Create(one, seed: 1);
        using var same = DeepModel.Create(one, seed: 1);
        using var other = LateModel.Create(two, seed: 1);
        using var stranger = DeepModel.Create(two, seed: 2);
        using var simulated = DeepModel.Create(Device.Simulator(), seed: 1);

        Assert.Contains("the others alone", Refused(first));
        Assert.Contains("the very device", Refused(same));
        Assert.Contains("another declaration", Refused(other));
        Assert.Contains("other frozen weights", Refused(stranger));
        Assert.Contains("rounding is not that of", Refused(simulated));
        Assert.Contains("same device", Assert.Throws<ArgumentException>(() => new LocalWorkers(other, stranger)).Message);

        string Refused(Tuner helper) => Assert.Throws<ArgumentException>(
            () => first.Fit(Runs.Train("deep"), null, Runs.Options with { Workers = new LocalWorkers(helper) })).Message;
    }

    /// <summary>Counts how often each image is read, and fails one such reading.</summary>
    private sealed class CountedSet(IImageSource images, int failing = -1, int time = 0) : IImageSource
    {
        private readonly int[] _reads = new int[images.Count];

        public IReadOnlyList<int> Reads => _reads;

        public int Count => images.Count;

        public ImageShape Shape => images.Shape;

        public IReadOnlyList<string> ClassNames => images.ClassNames;

        public int Label(int index) => images.Label(index);

        public void CopyImage(int index, Span<float> destination)
        {
            if (Interlocked.Increment(ref _reads[index]) == time && index == failing)
                throw new IOException("an image fell down");
            images.CopyImage(index, destination);
        }
    }

    /// <summary>Tuners on devices of their own, which begin with other values each.</summary>
    private sealed class LocalCrew : IDisposable
    {
        private readonly List<Device> _devices = [];

        public LocalCrew(string model, int helpers)
        {
            First = Open(model, seed: 1);
            Helpers = [.. Enumerable.Range(0, helpers).Select(i => Open(model, seed: 1))];
            Group = new LocalWorkers([.. Helpers]);
        }

        public Tuner First { get; }

        public Tuner[] Helpers { get; }

        public LocalWorkers Group { get; }

        public void Dispose()
        {
            First.Dispose();
            Array.ForEach(Helpers, helper => helper.Dispose());
            _devices.ForEach(device => device.Dispose());
        }

        private Tuner Open(string model, int seed)
        {
            _devices.Add(Device.Cpu(1));
            return Runs.Create(model, _devices[^1], seed);
        }
    }
}
