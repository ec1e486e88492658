using System.Diagnostics;

namespace VptDsl.Parallel.Tests;

/// <summary>
/// Protects runs of several processes: one may be killed, stopped or started again at any moment, the leader too, and the task file has the
/// very bytes of a run by one process.
/// </summary>
public sealed class ProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-parallel-");
    private readonly List<Host> _hosts = [];

    public void Dispose()
    {
        _hosts.ForEach(host => host.Dispose());
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("deep")]
    [InlineData("late")]
    public void Three_processes_write_the_bytes_of_one(string model)
    {
        byte[] expected = Alone(model);
        Host leader = Start(model, "leader", pause: 0, "lead=127.0.0.1:0"), one = Join(leader), two = Join(leader);

        Assert.Equal(expected, leader.Task());
        Assert.Equal(expected, one.Task());
        Assert.Equal(expected, two.Task());
    }

    [Fact]
    public void A_worker_that_is_killed_in_mid_epoch_is_replaced_and_another_may_join()
    {
        byte[] expected = Alone("deep");
        Host leader = Start("deep", "leader", pause: 60, "lead=127.0.0.1:0", "await=8:3"), victim = Join(leader), other = Join(leader);
        leader.WaitFor("epoch 3");
        victim.Kill();
        leader.WaitFor("epoch 6");
        Host late = Join(leader);

        Assert.Equal(expected, leader.Task());
        Assert.Equal(expected, other.Task());
        Assert.Equal(expected, late.Task());
        Assert.Contains(leader.Output, line => line.Contains(" is lost ("));
    }

    [SkippableFact]
    public void A_worker_that_is_stopped_is_replaced_and_joins_again_when_it_goes_on()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows stops no processes.");
        byte[] expected = Alone("deep");
        Host leader = Start("deep", "leader", pause: 150, "lead=127.0.0.1:0", "stall=20", "await=10:3");
        Host sleeper = Join(leader), other = Join(leader);
        leader.WaitFor("epoch 2");
        sleeper.Signal("STOP");
        leader.WaitFor("epoch 8");
        sleeper.Signal("CONT");

        Assert.Equal(expected, leader.Task());
        Assert.Equal(expected, sleeper.Task());
        Assert.Equal(expected, other.Task());
        Assert.Contains(leader.Output, line => line.Contains("it has said nothing for 20 seconds"));
    }

    [Fact]
    public void A_leader_that_is_killed_goes_on_from_its_checkpoint_with_the_workers_that_wait_for_it()
    {
        byte[] expected = Alone("late");
        Host leader = Start("late", "leader", pause: 60, "lead=127.0.0.1:0"), one = Join(leader), two = Join(leader);
        leader.WaitFor("epoch 5");
        leader.Kill();
        Host again = Start("late", "leader", pause: 0, $"lead={leader.Address}");

        Assert.Equal(expected, again.Task());
        Assert.Equal(expected, one.Task());
        Assert.Equal(expected, two.Task());
    }

    private byte[] Alone(string model) => Start(model, "alone", pause: 0).Task();

    private Host Join(Host leader) =>
        Start(leader.Model, $"worker{_hosts.Count}", pause: 0, $"join={leader.Address}");

    private Host Start(string model, string folder, int pause, params string[] role)
    {
        string place = _folder.CreateSubdirectory(folder).FullName;
        var host = new Host(model, place, [model, place, $"{pause}", "shards=3", .. role]);
        _hosts.Add(host);
        return host;
    }

    /// <summary>A process that trains.</summary>
    private sealed class Host : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

        private readonly Process _process;
        private readonly string _folder;
        private readonly Task<string> _errors;

        public Host(string model, string folder, string[] arguments)
        {
            (Model, _folder) = (model, folder);
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "VptDsl.TrainingHost.dll"), .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            _process = Process.Start(start)!;
            _errors = _process.StandardError.ReadToEndAsync();
            Address = Read() ?? "";
        }

        public string Model { get; }

        /// <summary>What it said first: of a leader, where it listens.</summary>
        public string Address { get; }

        public List<string> Output { get; } = [];

        public void WaitFor(string line)
        {
            string? said = "";
            while (said is not null && said != line)
                said = Read();
            Assert.True(said is not null, $"it never said {line}: {_errors}");
        }

        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        public void Signal(string name)
        {
            using Process kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
            kill.WaitForExit();
            Assert.Equal(0, kill.ExitCode);
        }

        /// <summary>The task file that it wrote in the end.</summary>
        public byte[] Task()
        {
            while (Read() is not null)
            {
            }

            Assert.True(_process.WaitForExit(Patience), "it does not end");
            Assert.True(_process.ExitCode == 0, _errors.GetAwaiter().GetResult());
            return File.ReadAllBytes(Path.Combine(_folder, "task"));
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
        }

        private string? Read()
        {
            string? line = _process.StandardOutput.ReadLine();
            if (line is not null)
                Output.Add(line);
            return line;
        }
    }
}
