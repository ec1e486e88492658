using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using VptDsl.Tests.Data;
using Xunit.Abstractions;

namespace VptDsl.Serving.Tests;

/// <summary>
/// Protects callers from each other: while some send damaged, huge or half images, leave or fall asleep, and more come than may wait, each
/// of the others is answered with what its own task says, to the bit, or told to come again.
/// </summary>
public sealed class TroubleTests(ITestOutputHelper output)
{
    private const int Callers = 12, Asks = 20;

    /// <summary>For how long callers ask on, where somebody wants to know what becomes of the server.</summary>
    private static readonly TimeSpan Soak = TimeSpan.FromMinutes(double.Parse(
        Environment.GetEnvironmentVariable("VPTDSL_SOAK_MINUTES") ?? "0", CultureInfo.InvariantCulture));

    private static readonly long Start = Stopwatch.GetTimestamp();

    [Fact]
    public async Task Whatever_others_do_each_is_answered_by_its_own_task_or_told_to_come_again()
    {
        await using TestServer server = await TestServer.StartAsync(isKestrel: true, configure: options =>
        {
            options.MaxImageBytes = 100_000;
            options.MaxImagePixels = 1_000_000;
            options.Batching = new() { MaxBatch = 4, MaxWaiting = 8, TaskMemoryBytes = 0 };
        });
        using var over = new CancellationTokenSource();
        Task<int>[] troubles =
        [
            Until(over, random => RefusedAsync(server, random)),
            Until(over, random => LeaveAsync(server, random)),
            Until(over, random => BreakOffAsync(server, random)),
            Until(over, random => ReplaceAsync(server, random)),
        ];
        List<TcpClient> sleepers = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SendHalfAsync(server, new Random(i))))];

        await AskAsync(server, new Random(77), asks: Asks);
        long before = HeapBytes();
        int[] answered = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => AskAsync(server, new Random(caller))));
        Assert.All(answered, answers => Assert.InRange(answers, Asks / 2, int.MaxValue));
        await over.CancelAsync();
        Assert.All(await Task.WhenAll(troubles), rounds => Assert.NotEqual(0, rounds));
        foreach (TcpClient sleeper in sleepers)
            sleeper.Dispose();

        await server.WaitingAsync(0);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/readyz")).StatusCode);
        Assert.Equal(Asks, await AskAsync(server, new Random(99), asks: Asks));
        long after = HeapBytes();
        output.WriteLine($"{answered.Sum()} answers, {before / 1e6:F1} MB before and {after / 1e6:F1} MB after");
        // Other tests run beside it, and what they hold is no growth.
        Assert.InRange(Soak > TimeSpan.Zero ? after - before : 0, long.MinValue, 20_000_000);
        Assert.DoesNotContain(server.Log.Warnings, warning => warning.Contains("xception", StringComparison.Ordinal));
    }

    /// <summary>An error in the log wakes somebody up, and who goes away is none.</summary>
    [Theory]
    [InlineData("image/png", false)]
    [InlineData("image/png", true)]
    [InlineData("multipart/form-data; boundary=x", false)]
    [InlineData("multipart/form-data; boundary=x", true)]
    public async Task Who_breaks_off_an_upload_has_cancelled_it_and_the_server_has_not_failed(string type, bool isReset)
    {
        await using TestServer server = await TestServer.StartAsync(isKestrel: true);
        var meters = server.App.Services.GetRequiredService<IMeterFactory>();
        ConcurrentQueue<string?> outcomes = [];
        using var begun = new SemaphoreSlim(0);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name is "vptdsl.predictions" or "http.server.active_requests" && instrument.Meter.Scope == meters)
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            if (instrument.Name == "vptdsl.predictions")
                outcomes.Enqueue(tags[1].Value as string);
            else
                begun.Release();
        });
        listener.Start();

        using (TcpClient client = await SendHalfAsync(server, new Random(1), type))
        {
            await begun.WaitAsync();
            if (isReset)
                Reset(client);
        }

        await TestServer.Eventually(() => Task.FromResult(!outcomes.IsEmpty));
        Assert.All(outcomes, outcome => Assert.Equal("cancelled", outcome));
        Assert.Empty(server.Log.Warnings);
    }

    private static long HeapBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetGCMemoryInfo(GCKind.FullBlocking).HeapSizeBytes;
    }

    /// <summary>Asks tasks at random; whoever is told to come again does.</summary>
    /// <param name="server">Whom.</param>
    /// <param name="random">Says what is asked.</param>
    /// <param name="asks">How often; as long as the test is to take, where null.</param>
    /// <returns>How many answers came.</returns>
    private static async Task<int> AskAsync(TestServer server, Random random, int? asks = null)
    {
        int answers = 0;
        for (int i = 0; i < (asks ?? Asks) || (asks is null && Stopwatch.GetElapsedTime(Start) < Soak); i++)
        {
            (string task, int image) = (TestTasks.Names[random.Next(TestTasks.Count)], random.Next(TestTasks.ImageCount));
            while (true)
            {
                using HttpResponseMessage response = await server.PredictAsync(task, image);
                if (response.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    Assert.NotNull(response.Headers.RetryAfter);
                    await Task.Delay(random.Next(1, 20));
                    continue;
                }

                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Equal(TestTasks.Instance.Expected(task, image), TestServer.Probabilities(await TestServer.JsonAsync(response)));
                answers++;
                break;
            }
        }

        return answers;
    }

    private static async Task<int> Until(CancellationTokenSource over, Func<Random, Task> act)
    {
        var random = new Random(5);
        int rounds = 0;
        for (; !over.IsCancellationRequested; rounds++)
        {
            await act(random);
            await Task.Delay(random.Next(5));
        }

        return rounds;
    }

    /// <summary>Bodies that are no images, or no whole ones, or too large.</summary>
    private static async Task RefusedAsync(TestServer server, Random random)
    {
        byte[] png = TestTasks.Instance.Images[random.Next(TestTasks.ImageCount)], body;
        HttpStatusCode[] told;
        switch (random.Next(6))
        {
            case 0:
                (body, told) = (png[..random.Next(60, png.Length - 40)], [HttpStatusCode.BadRequest]);
                break;
            case 1:
                (body, told) = (WithSize(png, 60_000, 60_000), [HttpStatusCode.RequestEntityTooLarge]);
                break;
            case 2:
                (body, told) = (new byte[150_000], [HttpStatusCode.RequestEntityTooLarge]);
                break;
            case 3:
                (body, told) = ([], [HttpStatusCode.BadRequest]);
                break;
            case 4:
                body = new byte[500];
                random.NextBytes(body);
                told = [HttpStatusCode.UnsupportedMediaType];
                break;
            default:
                body = [.. png];
                for (int i = 0; i < 4; i++)
                    body[random.Next(33, body.Length)] ^= (byte)random.Next(1, 256);
                told = [HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.OK];
                break;
        }

        using HttpResponseMessage response = await server.PostAsync("/v1/predict", body);
        Assert.Contains(response.StatusCode, told.Append(HttpStatusCode.TooManyRequests));
    }

    /// <summary>A PNG file that claims another size, with its header's check sum right.</summary>
    private static byte[] WithSize(byte[] png, int width, int height)
    {
        byte[] changed = [.. png];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(20), height);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(29), PictureBytes.Crc32(changed.AsSpan(12, 17)));
        return changed;
    }

    /// <summary>Closes the connection while the image waits.</summary>
    private static async Task LeaveAsync(TestServer server, Random random)
    {
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 30)));
        try
        {
            (await server.PredictAsync(TestTasks.Names[0], cancellation: leaving.Token)).Dispose();
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Closes the connection in the middle of the body.</summary>
    private static async Task BreakOffAsync(TestServer server, Random random)
    {
        using TcpClient client = await SendHalfAsync(server, random);
        if (random.Next(2) == 0)
            Reset(client);
    }

    /// <summary>Breaks a connection off as a machine that is switched off does; to dispose of it is to say good-bye before.</summary>
    private static void Reset(TcpClient client) => client.Client.Close(timeout: 0);

    /// <summary>Another file of the same task comes over its own.</summary>
    private static Task ReplaceAsync(TestServer server, Random random)
    {
        string task = TestTasks.Names[random.Next(TestTasks.Count)];
        server.Put(task, File.ReadAllBytes(TestTasks.Instance.FileOf(task)));
        return Task.CompletedTask;
    }

    /// <summary>Sends a request's header and half of its image.</summary>
    private static async Task<TcpClient> SendHalfAsync(TestServer server, Random random, string type = "image/png")
    {
        byte[] png = TestTasks.Instance.Images[random.Next(TestTasks.ImageCount)];
        if (type != "image/png")
            png = [.. "--x\r\nContent-Disposition: form-data; name=a; filename=a.png\r\n\r\n"u8, .. png, .. "\r\n--x--\r\n"u8];
        var address = new Uri(server.App.Urls.Single());
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/predict HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: {type}\r\nContent-Length: {png.Length}\r\n\r\n"));
        await client.GetStream().WriteAsync(png.AsMemory(0, png.Length / 2));
        return client;
    }
}
