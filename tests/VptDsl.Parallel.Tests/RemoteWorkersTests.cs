using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VptDsl.Data;
using VptDsl.Training;
using VptDsl.Training.Parallel;

namespace VptDsl.Parallel.Tests;

/// <summary>Protects what processes compute together over TCP, here on threads of one: bits, refusals, and strangers at the door.</summary>
public sealed class RemoteWorkersTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData("deep", 2)]
    [InlineData("late", 3)]
    [InlineData("measuring", 2)]
    [InlineData("pixels", 2)]
    public async Task They_compute_the_bits_of_one(string model, int workers)
    {
        FitOptions options = Runs.OptionsOf(model);
        int shard = (options.BatchSize + workers - 1) / workers;
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, workers) { StartTimeout = Long };

        Task<string>[] joined = [.. Enumerable.Range(1, workers - 1).Select(_ => Join(leading, model, options))];
        string outcome = Lead(leading, model, options);

        Assert.Equal(Runs.Alone(model, options, shard), outcome);
        Assert.All(await Task.WhenAll(joined), worker => Assert.Equal(outcome, worker));
    }

    [Fact]
    public async Task A_group_leads_one_fit_after_the_other()
    {
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2) { StartTimeout = Long };
        for (int run = 0; run < 2; run++)
        {
            FitOptions options = Runs.OptionsOf("deep") with { Seed = run };
            Task<string> joined = Join(leading, "deep", options);
            Assert.Equal(Lead(leading, "deep", options), await joined);
        }
    }

    [Fact]
    public async Task A_worker_may_come_in_the_midst_of_a_run()
    {
        FitOptions options = Runs.OptionsOf("late");
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2) { StartTimeout = TimeSpan.Zero };
        Task<string>? joined = null;
        string outcome = Lead(leading, "late", options with
        {
            EpochCompleted = report =>
            {
                if (report.Epoch == 1)
                {
                    joined = Join(leading, "late", options);
                    SpinWait.SpinUntil(() => leading.Came > 0, Long);
                }
            },
        });

        Assert.Equal(Runs.Alone("late", options, 4), outcome);
        Assert.Equal(outcome, await joined!);
    }

    [Theory]
    [InlineData("seed: \"4\" with the worker, \"3\" with the leader")]
    [InlineData("backbone: ")]
    [InlineData("training set: ")]
    [InlineData("declaration: ")]
    public async Task A_worker_with_another_run_is_refused_and_told_why(string difference)
    {
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2) { StartTimeout = Long };
        FitOptions options = Runs.Options;
        Task<string> leader = Task.Run(() => Lead(leading, "deep", options));
        using Device device = Device.Cpu(1);
        using Tuner tuner = difference.StartsWith("declaration", StringComparison.Ordinal)
            ? LateModel.Create(device, seed: 1)
            : DeepModel.Create(device, difference.StartsWith("backbone", StringComparison.Ordinal) ? 2 : 1);
        ImageSet train = Sets.Images(difference.StartsWith("training", StringComparison.Ordinal) ? 18 : 17, seed: 1);
        string before = Runs.Values(tuner);

        IOException error = Assert.Throws<IOException>(() => tuner.Fit(train, Runs.Validation("deep"), options with
        {
            Seed = difference.StartsWith("seed", StringComparison.Ordinal) ? 4 : 3,
            Workers = new JoiningWorkers(leading.Address, Runs.Secret),
        }));

        // Only one that fits lets the leader begin.
        await Join(leading, "deep", options);
        Assert.Contains(difference, error.Message);
        Assert.Contains(leading.Address, error.Message);
        Assert.Equal(Runs.Alone("deep", options, 4), await leader);
        Assert.Equal(before, Runs.Values(tuner));
    }

    /// <summary>Protects bits: processors with vectors of one length round differently if their families or systems differ.</summary>
    [Fact]
    public void A_run_says_on_what_processor_it_is()
    {
        using Device device = Device.Cpu(1);
        using var tuner = DeepModel.Create(device, seed: 1);

        string arithmetic = RunIdentity.Of(new RunTerms(tuner.Compiled, Runs.Train("deep"), null, Runs.Options))["arithmetic"];

        Assert.Contains(RuntimeInformation.ProcessArchitecture.ToString(), arithmetic);
        Assert.Contains(OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsWindows() ? "Windows" : "macOS", arithmetic);
    }

    [Fact]
    public async Task A_worker_with_another_secret_is_refused_and_told_why()
    {
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2) { StartTimeout = Long };
        Task<string> leader = Task.Run(() => Lead(leading, "deep", Runs.Options));
        using Device device = Device.Cpu(1);
        using var tuner = DeepModel.Create(device, seed: 1);

        IOException error = Assert.Throws<IOException>(() => Runs.Fit(
            "deep", tuner, Runs.Options with { Workers = new JoiningWorkers(leading.Address, "another secret of many characters") }));

        await Join(leading, "deep", Runs.Options);
        Assert.Contains("secret", error.Message);
        Assert.Equal(Runs.Alone("deep", Runs.Options, 4), await leader);
    }

    [Fact]
    public void Nobody_at_the_address_is_an_error_that_says_how_long_it_was_tried()
    {
        using Device device = Device.Cpu(1);
        using var tuner = DeepModel.Create(device, seed: 1);
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        string address = $"127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}";
        socket.Stop();

        IOException error = Assert.Throws<IOException>(() => Runs.Fit("deep", tuner, Runs.Options with
        {
            Workers = new JoiningWorkers(address, Runs.Secret) { JoinTimeout = TimeSpan.FromSeconds(0.5) },
        }));

        Assert.StartsWith($"Nobody leads a run at {address}, looked for during 0.5 seconds", error.Message);
    }

    [Fact]
    public async Task Strangers_at_the_door_change_nothing()
    {
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2) { StartTimeout = TimeSpan.FromSeconds(3) };
        Task<string> leader = Task.Run(() => Lead(leading, "deep", Runs.Options));
        var random = new Random(1);
        int port = int.Parse(leading.Address.Split(':')[1]);
        for (int i = 0; i < 200 && !leader.IsCompleted; i++)
        {
            using var client = new TcpClient("127.0.0.1", port);
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
                ((byte[])[.. "VPTDSLW"u8, 2]).AsSpan(0, Math.Min(8, bytes.Length)).CopyTo(bytes);
            // A frame of the greatest length behind a greeting of the right form.
            if (i % 4 == 0 && bytes.Length > 50)
                bytes.AsSpan(40, 4).Fill(0x7F);
            try
            {
                client.GetStream().Write(bytes);
            }
            catch (IOException)
            {
                // Shown the door already.
            }
        }

        Assert.Equal(Runs.Alone("deep", Runs.Options, 4), await leader);
    }

    [Fact]
    public async Task A_leader_that_stops_tells_the_others_why()
    {
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2) { StartTimeout = Long };
        using var stop = new CancellationTokenSource();
        Task<string> joined = Join(leading, "deep", Runs.Options);

        Assert.ThrowsAny<OperationCanceledException>(
            () => Lead(leading, "deep", Runs.Options with { EpochCompleted = _ => stop.Cancel() }, stop.Token));

        IOException error = await Assert.ThrowsAnyAsync<IOException>(() => joined);
        Assert.StartsWith($"The leader at {leading.Address} ended the run: The run was stopped in epoch 2", error.Message);
    }

    /// <summary>Protects a worker from looking for a leader that was ended, by Ctrl-C say, while the worker computed.</summary>
    [Fact]
    public async Task A_leader_that_stops_in_mid_step_tells_the_others_why()
    {
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2) { StartTimeout = Long };
        using var stop = new CancellationTokenSource();
        var train = new HoldingSet(Runs.Train("deep"));
        Task<FitReport> joined = Task.Run(() =>
        {
            using Device device = Device.Cpu(1);
            using var tuner = DeepModel.Create(device, seed: 1);
            return tuner.Fit(train, Runs.Validation("deep"), Runs.Options with
            {
                Workers = new JoiningWorkers(leading.Address, Runs.Secret) { JoinTimeout = Long },
            });
        });
        Task<string> leader = Task.Run(() => Lead(leading, "deep", Runs.Options, stop.Token));
        await await Task.WhenAny(train.Asked.Task, joined);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        train.Goes.Set();

        IOException error = await Assert.ThrowsAnyAsync<IOException>(() => joined);
        Assert.StartsWith($"The leader at {leading.Address} ended the run: The run was stopped in epoch 1", error.Message);
    }

    /// <summary>Protects a worker that is slow, or has much to do, from being taken for one that stands still.</summary>
    [Fact]
    public async Task A_shard_may_take_longer_than_a_worker_may_be_silent()
    {
        var silence = TimeSpan.FromSeconds(10);
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2) { StartTimeout = Long, StallTimeout = silence };
        var train = new HoldingSet(Runs.Train("deep"));
        FitOptions options = Runs.Options with { Epochs = 1 };
        Task<string> joined = Task.Run(() =>
        {
            using Device device = Device.Cpu(1);
            using var tuner = DeepModel.Create(device, seed: 1);
            var joining = new JoiningWorkers(leading.Address, Runs.Secret);
            return Runs.Outcome(tuner, tuner.Fit(train, Runs.Validation("deep"), options with { Workers = joining }));
        });
        using Device device = Device.Cpu(1);
        using var tuner = DeepModel.Create(device, seed: 1);
        Task<FitReport> leader = Task.Run(
            () => tuner.Fit(Runs.Train("deep"), Runs.Validation("deep"), options with { Workers = leading }));
        await train.Asked.Task;
        await Task.Delay(1.5 * silence);
        train.Goes.Set();

        FitReport report = await leader;
        Assert.DoesNotContain(report.Warnings, warning => warning.Contains("is lost"));
        Assert.Equal(Runs.Outcome(tuner, report), await joined);
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidDataException))]
    public async Task A_worker_that_cannot_go_on_is_replaced_and_has_its_own_error(Type error)
    {
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2) { StartTimeout = Long };
        Task<FitReport> joined = Task.Run(() =>
        {
            using Device device = Device.Cpu(1);
            using var tuner = DeepModel.Create(device, seed: 1);
            var train = new LosingSet(Runs.Train("deep"), error);
            return tuner.Fit(train, Runs.Validation("deep"), Runs.Options with
            {
                Workers = new JoiningWorkers(leading.Address, Runs.Secret),
            });
        });
        using Device device = Device.Cpu(1);
        using var tuner = DeepModel.Create(device, seed: 1);

        FitReport report = tuner.Fit(Runs.Train("deep"), Runs.Validation("deep"), Runs.Options with { Workers = leading });

        Assert.Equal(Runs.Alone("deep", Runs.Options, 4), Runs.Outcome(tuner, report));
        Assert.Contains(report.Warnings, warning => warning.Contains("is lost (the disk of images is gone)"));
        Assert.Equal("the disk of images is gone", (await Assert.ThrowsAsync(error, () => joined)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7311")]
    [InlineData("::1:7311")]
    [InlineData("host:")]
    [InlineData("host:-1")]
    [InlineData("host:65536")]
    [InlineData("host:٣")]
    [InlineData(":80")]
    public void An_address_of_another_form_is_an_error_that_shows_the_form(string address)
    {
        Assert.Contains("write host:port", Assert.Throws<ArgumentException>(() => new JoiningWorkers(address, Runs.Secret)).Message);
        Assert.Contains("write host:port", Assert.Throws<ArgumentException>(() => new LeadingWorkers(address, Runs.Secret, 2)).Message);
    }

    [Fact]
    public void What_cannot_be_listened_on_is_an_error_that_names_it()
    {
        using var leading = new LeadingWorkers("127.0.0.1:0", Runs.Secret, 2);

        Assert.Contains(
            leading.Address, Assert.Throws<IOException>(() => new LeadingWorkers(leading.Address, Runs.Secret, 2)).Message);
        Assert.Contains("has 5", Assert.Throws<ArgumentException>(() => new LeadingWorkers("127.0.0.1:0", "short", 2)).Message);
        Assert.Contains("no.such.host.invalid", Assert.Throws<IOException>(
            () => new LeadingWorkers("no.such.host.invalid:0", Runs.Secret, 2)).Message);
    }

    private static string Lead(
        LeadingWorkers leading, string model, FitOptions options, CancellationToken cancellation = default)
    {
        using Device device = Device.Cpu(1);
        using Tuner tuner = Runs.Create(model, device);
        return Runs.Fit(model, tuner, options with { Workers = leading }, cancellation);
    }

    private static Task<string> Join(LeadingWorkers leading, string model, FitOptions options) => Task.Run(() =>
    {
        using Device device = Device.Cpu(1);
        using Tuner tuner = Runs.Create(model, device);
        return Runs.Fit(model, tuner, options with { EpochCompleted = null, Workers = new JoiningWorkers(leading.Address, Runs.Secret) });
    });

    /// <summary>Says when it is asked for an image, and gives none before it may.</summary>
    private sealed class HoldingSet(IImageSource images) : IImageSource
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Goes { get; } = new();

        public int Count => images.Count;

        public ImageShape Shape => images.Shape;

        public IReadOnlyList<string> ClassNames => images.ClassNames;

        public int Label(int index) => images.Label(index);

        public void CopyImage(int index, Span<float> destination)
        {
            Asked.TrySetResult();
            Goes.Wait();
            images.CopyImage(index, destination);
        }
    }

    /// <summary>After some images there are no more.</summary>
    private sealed class LosingSet(IImageSource images, Type error) : IImageSource
    {
        private int _read;

        public int Count => images.Count;

        public ImageShape Shape => images.Shape;

        public IReadOnlyList<string> ClassNames => images.ClassNames;

        public int Label(int index) => images.Label(index);

        public void CopyImage(int index, Span<float> destination)
        {
            if (Interlocked.Increment(ref _read) > 12)
                throw (Exception)Activator.CreateInstance(error, "the disk of images is gone")!;
            images.CopyImage(index, destination);
        }
    }
}
