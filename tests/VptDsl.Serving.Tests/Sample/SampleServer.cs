using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VptDsl.Serving.Tests.Sample;

/// <summary>samples/TaskServer as a process of its own, with a folder of tasks that it tunes in one epoch each.</summary>
public sealed class SampleServer : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-taskserver-");
    private readonly System.Text.StringBuilder _output = new();
    private Process _process = null!;

    /// <summary>The names of its tasks.</summary>
    public static string[] Tasks { get; } = ["digits", "brain", "position"];

    public HttpClient Client { get; } = new() { Timeout = Patience };

    public async Task InitializeAsync()
    {
        string folder = Path.Combine(
            Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/', '\\')))!,
            "TaskServer", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\')));
        Client.BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}");
        string[] command =
        [
            "dotnet", Path.Combine(folder, "TaskServer.dll"), "--Urls", Client.BaseAddress.ToString(), "--Epochs", "1",
            "--Tasks:TaskFolder", _folder.FullName, "--Tasks:PollInterval", "00:00:00.1",
        ];
        // A shell's background job, as tests may be, hands on that it ignores signals.
        if (OperatingSystem.IsLinux())
            command = ["env", "--default-signal=INT,QUIT,TERM", .. command];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await UntilAsync(async () =>
        {
            string tasks = await Client.GetStringAsync("/v1/tasks");
            return Tasks.All(task => tasks.Contains($"\"name\":\"{task}\"", StringComparison.Ordinal));
        });
    }

    /// <summary>Everything that it wrote.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>One of a task's images, as the page shows them.</summary>
    public Task<byte[]> ExampleAsync(string task, int index) => Client.GetByteArrayAsync($"/examples/{task}/{index}.png");

    public async Task<HttpResponseMessage> PredictAsync(string task, byte[] image)
    {
        using var content = new ByteArrayContent(image);
        content.Headers.ContentType = new("image/png");
        return await Client.PostAsync($"/v1/tasks/{task}/predict?top=20", content);
    }

    /// <summary>Asks it to end, as a system that shuts down does, and waits.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        using var hanging = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(hanging.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until something is so; connections that are refused count as not yet.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (await isSo())
                    return;
            }
            catch (HttpRequestException)
            {
            }

            Assert.False(_process.HasExited, $"the server ended: {Output}");
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"the server hangs: {Output}");
            await Task.Delay(50);
        }
    }

    public Task DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Client.Dispose();
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
