using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using VptDsl.MultiTask;
using VptDsl.Serving.Hosting;
using VptDsl.Tests.Weights;

namespace VptDsl.Serving.Tests;

/// <summary>Protects those who are served while somebody changes the folder of the tasks.</summary>
public sealed class ReloadTests
{
    private static readonly byte[][] Files = [.. TestTasks.Names.Select(task => File.ReadAllBytes(TestTasks.Instance.FileOf(task)))];

    [Fact]
    public async Task Tasks_come_change_and_go_with_their_files()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await server.PredictAsync("new")).StatusCode);
        server.Put("new", Files[0]);
        await AnswersAsync(server, "new", like: "task0");
        server.Put("new", Files[1]);
        await AnswersAsync(server, "new", like: "task1");
        File.Delete(server.FileOf("new"));
        await TestServer.Eventually(async () => (await server.PredictAsync("new")).StatusCode == HttpStatusCode.NotFound);
        Assert.Empty(server.Log.Warnings);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(400)]
    public async Task A_broken_file_is_logged_and_leaves_the_task_that_works(int bytes)
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Batching = new() { TaskMemoryBytes = 0 });
        server.Put("task0", Files[0][..bytes]);
        await TestServer.Eventually(() => Task.FromResult(server.Log.Warnings.Any()));
        Assert.Contains("task0", server.Log.Warnings.First(), StringComparison.Ordinal);
        Assert.Contains(server.Folder.FullName, server.Log.Warnings.First(), StringComparison.Ordinal);
        // With no room for any task on the device it comes back from where it was read.
        await AnswersAsync(server, "task0", like: "task0");
        server.Put("task0", Files[1]);
        await AnswersAsync(server, "task0", like: "task1");
        Assert.Single(server.Log.Warnings);
    }

    [Fact]
    public async Task An_empty_file_is_not_opened_for_it_may_be_a_pipe()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Put("empty", []);
        await TestServer.Eventually(() => Task.FromResult(server.Log.Warnings.Any()));
        Assert.Contains("empty", server.Log.Warnings.Single(), StringComparison.Ordinal);
        await AnswersAsync(server, "task0", like: "task0");
    }

    /// <summary>A backbone beside the tasks, or another backbone's task, may lie there for months.</summary>
    [Fact]
    public async Task A_file_that_can_never_be_a_task_is_copied_ever_more_seldom()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.True(server.App.Services.GetRequiredService<TaskHost>().TryGetModel(out MultiTaskModel? model));
        server.Put("backbone", File.ReadAllBytes(TestTasks.Instance.BackboneFile));
        using (Device device = Device.Cpu(threads: 1))
        using (TinyModel foreign = TinyModel.Create(device, seed: 9))
            foreign.SaveTask(server.FileOf("foreign"));
        await TestServer.Eventually(() => Task.FromResult(server.Log.Warnings.Count() == 2));
        // Fifty looks.
        await Task.Delay(TimeSpan.FromSeconds(1));

        server.Put("new", Files[0]);
        await AnswersAsync(server, "new", like: "task0");
        int copies = int.Parse(
            Path.GetFileNameWithoutExtension(model.Tasks.Single(task => task.Name == "new").Path), CultureInfo.InvariantCulture);
        // Of the three tasks, and of the foreign one after 20, 40, 80 ms and so on.
        Assert.InRange(copies, TestTasks.Count, TestTasks.Count + 12);
    }

    /// <summary>What kept a file from being read may be over though the file is as it was: memory that was short, say.</summary>
    [Fact]
    public async Task A_file_that_could_not_be_read_is_tried_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] damaged = [.. Files[1]];
        damaged[^3] ^= 64;
        server.Put("late", damaged);
        await TestServer.Eventually(() => Task.FromResult(server.Log.Warnings.Any()));
        DateTime written = File.GetLastWriteTimeUtc(server.FileOf("late"));
        using (FileStream file = File.OpenWrite(server.FileOf("late")))
        {
            file.Write(Files[1]);
            file.Flush();
            File.SetLastWriteTimeUtc(file.SafeFileHandle, written);
        }

        await AnswersAsync(server, "late", like: "task1");
    }

    /// <summary>Windows deletes no file that may not be written: copies of such files would stay for ever.</summary>
    [Fact]
    public async Task A_file_that_may_only_be_read_has_a_copy_that_can_be_deleted()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.True(server.App.Services.GetRequiredService<TaskHost>().TryGetModel(out MultiTaskModel? model));
        File.WriteAllBytes(server.FileOf("fixed") + ".new", Files[0]);
        File.SetAttributes(server.FileOf("fixed") + ".new", FileAttributes.ReadOnly);
        File.Move(server.FileOf("fixed") + ".new", server.FileOf("fixed"));
        await AnswersAsync(server, "fixed", like: "task0");
        string copy = model.Tasks.Single(task => task.Name == "fixed").Path;
        Assert.False(File.GetAttributes(copy).HasFlag(FileAttributes.ReadOnly));
        File.SetAttributes(server.FileOf("fixed"), FileAttributes.Normal);
    }

    /// <summary>The README's first program saves flowers.task.</summary>
    [Fact]
    public async Task A_task_file_whose_name_ends_otherwise_is_told_of_once()
    {
        await using TestServer server = await TestServer.StartAsync();
        string other = Path.ChangeExtension(server.FileOf("flowers"), ".task");
        File.WriteAllBytes(Path.ChangeExtension(other, ".txt"), "no task"u8.ToArray());
        File.WriteAllBytes(other, Files[0]);
        await TestServer.Eventually(() => Task.FromResult(server.Log.Warnings.Any()));
        Assert.Equal(
            "flowers.task is a task file and is not served, for its name ends otherwise: call it flowers.safetensors.",
            server.Log.Warnings.Single());

        File.Move(other, server.FileOf("flowers"));
        await AnswersAsync(server, "flowers", like: "task0");
        Assert.Single(server.Log.Warnings);
    }

    [Fact]
    public async Task A_link_is_what_it_leads_to()
    {
        await using TestServer server = await TestServer.StartAsync();
        DirectoryInfo elsewhere = Directory.CreateTempSubdirectory("vptdsl-linked-");
        string first = Path.Combine(elsewhere.FullName, "first"), second = Path.Combine(elsewhere.FullName, "second");
        try
        {
            File.WriteAllBytes(first, Files[0]);
            File.CreateSymbolicLink(second, first);
            File.CreateSymbolicLink(server.FileOf("linked"), second);
            await AnswersAsync(server, "linked", like: "task0");
            File.WriteAllBytes(first + ".new", Files[1]);
            File.Move(first + ".new", first, overwrite: true);
            await AnswersAsync(server, "linked", like: "task1");
            // Another file of the same size and time, as where all times are those of a build.
            File.WriteAllBytes(second + ".new", Files[2]);
            File.SetLastWriteTimeUtc(second + ".new", File.GetLastWriteTimeUtc(first));
            File.Move(second + ".new", second, overwrite: true);
            await AnswersAsync(server, "linked", like: "task2");
            Assert.Empty(server.Log.Warnings);
        }
        finally
        {
            elsewhere.Delete(recursive: true);
        }
    }

    [SkippableTheory]
    [InlineData("a pipe")]
    [InlineData("a device")]
    [InlineData("nothing")]
    [InlineData("itself")]
    public async Task A_link_that_leads_to_no_file_is_not_opened(string target)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such files.");
        await using TestServer server = await TestServer.StartAsync();
        string pipe = Path.Combine(server.Folder.FullName, "pipe");
        SpecialFiles.MakePipe(pipe);
        File.CreateSymbolicLink(server.FileOf("linked"), target switch
        {
            "a pipe" => pipe,
            "a device" => "/dev/zero",
            "nothing" => pipe + "none",
            _ => server.FileOf("linked"),
        });
        await TestServer.Eventually(() => Task.FromResult(server.Log.Warnings.Any()));
        Assert.Contains("linked", server.Log.Warnings.Single(), StringComparison.Ordinal);
        server.Put("task0", Files[1]);
        await AnswersAsync(server, "task0", like: "task1");
    }

    [Fact]
    public async Task A_file_that_is_written_slowly_is_taken_up_when_it_is_whole()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using (var file = new FileStream(server.FileOf("slow"), FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            file.Write(Files[2].AsSpan(0, Files[2].Length / 2));
            file.Flush();
            await TestServer.Eventually(() => Task.FromResult(server.Log.Warnings.Any()));
            Assert.Equal(HttpStatusCode.NotFound, (await server.PredictAsync("slow")).StatusCode);
            file.Write(Files[2].AsSpan(Files[2].Length / 2));
        }

        await AnswersAsync(server, "slow", like: "task2");
    }

    [Fact]
    public async Task A_folder_that_is_gone_for_a_while_leaves_all_tasks()
    {
        await using TestServer server = await TestServer.StartAsync();
        string away = server.Folder.FullName + "-away";
        Directory.Move(server.Folder.FullName, away);
        await TestServer.Eventually(() => Task.FromResult(server.Log.Warnings.Any()));
        await AnswersAsync(server, "task1", like: "task1");
        Directory.Move(away, server.Folder.FullName);
        server.Put("task1", Files[0]);
        await AnswersAsync(server, "task1", like: "task0");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_cleaner_of_temporary_files_takes_is_copied_again(bool isWholeFolder)
    {
        // With no room for any task on the device each comes back from its copy.
        await using TestServer server = await TestServer.StartAsync(options => options.Batching = new() { TaskMemoryBytes = 0 });
        Assert.True(server.App.Services.GetRequiredService<TaskHost>().TryGetModel(out MultiTaskModel? model));
        string[] copies = [.. model.Tasks.Select(task => task.Path)];
        if (isWholeFolder)
            Directory.Delete(Path.GetDirectoryName(copies[0])!, recursive: true);
        else
            Array.ForEach(copies, File.Delete);
        await AnswersAsync(server, "task0", like: "task0");
        server.Put("task1", Files[0]);
        await AnswersAsync(server, "task1", like: "task0");
        await AnswersAsync(server, "task2", like: "task2");
    }

    [Fact]
    public async Task Whoever_asks_meanwhile_is_answered_by_one_of_the_files()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Batching = new() { MaxWaiting = 10_000 });
        using var changing = new CancellationTokenSource();
        Task[] callers = [.. Enumerable.Range(0, 4).Select(async caller =>
        {
            while (!changing.IsCancellationRequested)
            {
                using HttpResponseMessage response = await server.PredictAsync("task0", caller);
                // Gone, for the moment that its file is.
                if (response.StatusCode == HttpStatusCode.NotFound)
                    continue;
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                float[] told = TestServer.Probabilities(await TestServer.JsonAsync(response));
                Assert.Contains(told, new[] { "task0", "task1" }.Select(task => TestTasks.Instance.Expected(task, caller)));
            }
        })];
        for (int round = 0; round < 3; round++)
        {
            server.Put("task0", Files[1]);
            await AnswersAsync(server, "task0", like: "task1");
            await File.WriteAllBytesAsync(server.FileOf("task0"), Files[1][..500]);
            await File.WriteAllBytesAsync(server.FileOf("task0"), Files[0]);
            await AnswersAsync(server, "task0", like: "task0");
            File.Delete(server.FileOf("task0"));
            await TestServer.Eventually(async () => (await server.PredictAsync("task0")).StatusCode == HttpStatusCode.NotFound);
            server.Put("task0", Files[0]);
            await AnswersAsync(server, "task0", like: "task0");
        }

        await changing.CancelAsync();
        await Task.WhenAll(callers);
    }

    private static Task AnswersAsync(TestServer server, string task, string like) => TestServer.Eventually(async () =>
    {
        using HttpResponseMessage response = await server.PredictAsync(task, image: 4);
        return response.StatusCode == HttpStatusCode.OK && TestServer.Probabilities(await TestServer.JsonAsync(response))
            .SequenceEqual(TestTasks.Instance.Expected(like, 4));
    });
}
