using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using VptDsl.Benchmarks.Models;

namespace VptDsl.Benchmarks.Serving;

/// <summary>A process for each task. Images are known to all, so that no time goes into sending them.</summary>
internal sealed class ProcessesServer : ITaskServer
{
    private readonly Worker[] _workers;

    public ProcessesServer(string assembly, string[] files, int images, int batch, int threads) => _workers =
    [
        .. files.Select(file => new Worker(
            Child.Start("serve-one", assembly, file, Child.Text(images), Child.Text(batch), Child.Text(threads)))),
    ];

    public Task PredictAsync(int task, int image) => _workers[task].PredictAsync(image);

    public long Memory() => _workers.Sum(worker => worker.Memory());

    public void Dispose()
    {
        foreach (Worker worker in _workers)
            worker.Dispose();
    }

    /// <summary>Runs in the child process: reads a number and an image's number a line, and answers with the former.</summary>
    public static void Serve(Tuner tuner, string file, float[] images, int batch)
    {
        using var server = new MixedServer(tuner, [file], images, batch);
        server.PredictAsync(0, 0).Wait();
        Console.WriteLine("ready");
        var answers = new List<Task>();
        while (Console.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ');
            answers.Add(AnswerAsync(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture)));
        }

        Task.WaitAll([.. answers]);

        async Task AnswerAsync(string number, int image)
        {
            await server.PredictAsync(0, image);
            Console.WriteLine(number);
        }
    }

    private sealed class Worker : IDisposable
    {
        private readonly ConcurrentDictionary<int, TaskCompletionSource> _waiting = new();
        private readonly Process _process;
        private readonly Task _reading;
        private int _asked;

        public Worker(Process process)
        {
            _process = process;
            if (_process.StandardOutput.ReadLine() != "ready")
                throw new InvalidOperationException("A process of a task ended before it was ready.");
            _reading = Task.Run(async () =>
            {
                while (await _process.StandardOutput.ReadLineAsync() is { } line)
                {
                    if (_waiting.TryRemove(int.Parse(line, CultureInfo.InvariantCulture), out TaskCompletionSource? answer))
                        answer.SetResult();
                }
            });
        }

        public Task PredictAsync(int image)
        {
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            int number = Interlocked.Increment(ref _asked);
            _waiting[number] = answer;
            lock (_process)
                _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {image}"));
            return answer.Task;
        }

        public long Memory()
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _reading.Wait();
            _process.Dispose();
        }
    }
}
