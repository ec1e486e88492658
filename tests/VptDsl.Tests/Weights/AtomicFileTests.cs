using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>Whatever goes wrong, the old file or the whole new one is there, and nothing else.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _path;

    public AtomicFileTests() => _path = _folder.Path("file");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_created_and_replaced()
    {
        Write("one");
        Write("two");

        Assert.Equal("two", File.ReadAllText(_path));
        Assert.Equal(["file"], _folder.Files);
    }

    [Fact]
    public void The_old_file_stays_visible_until_the_new_one_is_complete()
    {
        Write("old");

        AtomicFile.Write(_path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(_path));
        });

        Assert.Equal("new", File.ReadAllText(_path));
    }

    [Fact]
    public void An_exception_midway_leaves_the_old_file_and_passes_through()
    {
        Write("old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_path, stream =>
        {
            stream.Write("new"u8);
            throw new InvalidOperationException();
        }));

        AssertOnlyOldFile();
    }

    [SkippableFact]
    public void A_full_disk_leaves_the_old_file()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/full is Linux's.");
        Write("old");

        var error = Assert.Throws<IOException>(() => AtomicFile.Write(_path, stream =>
        {
            stream.Write("new"u8);
            using var full = File.OpenWrite("/dev/full");
            full.Write(new byte[10_000]);
        }));

        Assert.Contains(_path, error.Message);
        Assert.Contains("No space left", error.Message);
        AssertOnlyOldFile();
    }

    [SkippableFact]
    public void A_device_is_not_replaced_by_a_file()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/full is Linux's.");

        Assert.Contains("device", Assert.Throws<IOException>(() => AtomicFile.Write("/dev/full", _ => { })).Message);
    }

    [Fact]
    public void A_missing_directory_is_named()
    {
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(_folder.Path("none/file"), _ => { }));

        Assert.Contains($"{_folder.Path("none")} does not exist", error.Message);
    }

    [Fact]
    public void A_directory_is_not_replaced()
    {
        Directory.CreateDirectory(_path);

        Assert.Contains("this is a directory", Assert.Throws<IOException>(() => Write("x")).Message);
        Assert.True(Directory.Exists(_path));
    }

    [Theory]
    [InlineData("half")]
    [InlineData("")]
    public void What_a_killed_process_left_is_removed_by_the_next_write(string content)
    {
        string leftover = LeaveUnfinished("file", content);
        string unrelated = LeaveUnfinished("file.of.another");
        File.WriteAllText(_folder.Path("file.partial"), "not ours");

        Write("new");

        Assert.False(File.Exists(leftover));
        Assert.True(File.Exists(unrelated));
        Assert.True(File.Exists(_folder.Path("file.partial")));
    }

    [Fact]
    public void What_killed_writers_left_goes_with_the_file()
    {
        LeaveUnfinished("file");
        LeaveUnfinished("file");
        LeaveUnfinished("other");
        Write("old");

        AtomicFile.Delete(_path);

        Assert.StartsWith("other.", Assert.Single(_folder.Files));
        AtomicFile.Delete(_path);
    }

    [Fact]
    public void What_killed_writers_left_goes_with_the_files_of_a_pattern()
    {
        foreach (string name in new[] { "run.1.checkpoint", "run.2.checkpoint", "other.1.checkpoint" })
        {
            LeaveUnfinished(name);
            File.WriteAllText(_folder.Path(name), "whole");
        }

        AtomicFile.DeleteAll(_folder.Path(""), "run.*.checkpoint");

        Assert.All(_folder.Files, file => Assert.StartsWith("other.1.checkpoint", file));
        Assert.Equal(2, _folder.Files.Count());
    }

    [Fact]
    public void A_file_that_is_being_written_is_not_taken_for_a_leftover()
    {
        AtomicFile.Write(_path, stream =>
        {
            stream.Write("whole"u8);
            AtomicFile.Delete(_path);
        });

        Assert.Equal("whole", File.ReadAllText(_path));
    }

    [Fact]
    public void Two_writers_at_once_do_not_disturb_each_other()
    {
        AtomicFile.Write(_path, stream =>
        {
            stream.Write("outer"u8);
            stream.Flush();
            Write("inner");
            Assert.Equal("inner", File.ReadAllText(_path));
        });

        Assert.Equal("outer", File.ReadAllText(_path));
        Assert.Equal(["file"], _folder.Files);
    }

    [Fact]
    public void Many_writers_at_once_all_succeed()
    {
        System.Threading.Tasks.Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 32 }, i => Write($"{i}"));

        Assert.Equal(["file"], _folder.Files);
    }

    private string LeaveUnfinished(string name, string content = "half")
    {
        string temporary = "";
        AtomicFile.Write(_folder.Path(name), stream =>
        {
            temporary = ((FileStream)stream).Name;
            stream.Write(System.Text.Encoding.UTF8.GetBytes(content));
        });
        File.Move(_folder.Path(name), temporary);
        return temporary;
    }

    private void Write(string content) => AtomicFile.Write(_path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(content)));

    private void AssertOnlyOldFile()
    {
        Assert.Equal("old", File.ReadAllText(_path));
        Assert.Equal(["file"], _folder.Files);
    }
}
