using System.Text;
using VptDsl.Weights.Hub;

namespace VptDsl.Tests.Weights.Hub;

/// <summary>Protects weights that come over a network: they are whole, theirs whose they should be, and fetched once.</summary>
public sealed class HubTests : IDisposable
{
    private const string Weights = "model.safetensors";

    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("vptdsl-hub-");
    private readonly FakeHub _hub = new();
    private readonly byte[] _content = new byte[3_000_000];

    public HubTests()
    {
        new Random(1).NextBytes(_content);
        _hub.Files[Weights] = _content;
        _hub.Files["config.json"] = "{}"u8.ToArray();
        _hub.Files["README.md"] = "about"u8.ToArray();
    }

    public void Dispose()
    {
        _hub.Dispose();
        _cache.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_lies_in_the_hubs_own_layout_and_comes_once()
    {
        string path = await PullAsync();
        Assert.Equal(Path.Combine(Repository, "snapshots", FakeHub.Commit, Weights), path);
        Assert.Equal(_content, File.ReadAllBytes(path));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "config.json")));
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "README.md")));
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(Repository, "refs", "main")));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(Repository, "blobs")).Length);
        if (!OperatingSystem.IsWindows())
            Assert.StartsWith("../../blobs/", new FileInfo(path).LinkTarget, StringComparison.Ordinal);

        int asked = _hub.Asked.Count;
        Assert.Equal(path, await PullAsync());
        Assert.Equal(asked + 1, _hub.Asked.Count);
        Assert.Equal(path, await PullAsync($"@{FakeHub.Commit}"));
        Assert.Equal(asked + 1, _hub.Asked.Count);
    }

    [Fact]
    public async Task A_transfer_that_breaks_off_goes_on_from_there()
    {
        _hub.Breaks = 2;
        Assert.Equal(_content, File.ReadAllBytes(await PullAsync()));
        string[] ranges = [.. _hub.Asked.Where(asked => asked.StartsWith("store", StringComparison.Ordinal))];
        Assert.Equal(3, ranges.Length);
        Assert.All(ranges[1..], range => Assert.StartsWith("store bytes=", range, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pull_that_was_cancelled_leaves_nothing_that_looks_whole()
    {
        using var cancelled = new CancellationTokenSource();
        var progress = new Progress(_ => cancelled.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PullAsync(progress: progress, cancellation: cancelled.Token));
        Assert.False(File.Exists(Path.Combine(Repository, "snapshots", FakeHub.Commit, Weights)));
        Assert.Equal(_content, File.ReadAllBytes(await PullAsync()));
    }

    [Fact]
    public async Task What_arrives_damaged_is_fetched_again()
    {
        _hub.Wrongs = 2;
        Assert.Equal(_content, File.ReadAllBytes(await PullAsync()));
    }

    /// <summary>The first answer sends to the new name, and does not say what the file is.</summary>
    [Fact]
    public async Task What_arrives_damaged_of_a_repository_that_was_renamed_is_fetched_again()
    {
        (_hub.IsRenamed, _hub.Wrongs) = (true, 2);
        Assert.Equal(_content, File.ReadAllBytes(await PullAsync()));
    }

    /// <summary>A cache that others fill may be there for reading alone; what is in it is enough.</summary>
    [Fact]
    public async Task What_is_there_needs_no_note_of_its_commit()
    {
        string path = await PullAsync();
        string notes = Path.Combine(Repository, "refs");
        Directory.Delete(notes, recursive: true);
        File.WriteAllText(notes, "no folder, so that nothing can be written into it");
        Assert.Equal(path, await PullAsync());
    }

    [Fact]
    public async Task What_always_arrives_damaged_is_an_error_and_not_kept()
    {
        _hub.Wrongs = int.MaxValue;
        HubException error = await Assert.ThrowsAsync<HubException>(() => PullAsync());
        Assert.Contains("does not arrive as the hub says", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(Repository, "blobs")));
    }

    [Fact]
    public async Task A_busy_hub_is_asked_again()
    {
        _hub.Busy = 3;
        Assert.Equal(_content, File.ReadAllBytes(await PullAsync()));
        _hub.Busy = int.MaxValue;
        Assert.Contains("asked too often", (await Assert.ThrowsAsync<HubException>(() => PullAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_told_to_the_hub_and_to_nobody_else()
    {
        _hub.Token = "secret";
        Assert.Contains("HF_TOKEN", (await Assert.ThrowsAsync<HubException>(() => PullAsync())).Message, StringComparison.Ordinal);
        HubException wrong = await Assert.ThrowsAsync<HubException>(() => PullAsync(token: "wrong-one"));
        Assert.DoesNotContain("wrong-one", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(_content, File.ReadAllBytes(await PullAsync(token: "secret")));
        Assert.False(_hub.StoreSawToken);
    }

    [Fact]
    public async Task Without_a_network_what_is_there_is_used()
    {
        HubException never = await Assert.ThrowsAsync<HubException>(() => PullAsync(isOffline: true));
        Assert.Contains("HF_HUB_OFFLINE", never.Message, StringComparison.Ordinal);
        string path = await PullAsync();
        Assert.Equal(path, await PullAsync(isOffline: true));
        _hub.Dispose();
        Assert.Equal(path, await PullAsync());
    }

    /// <summary>Weights whose normalisation nobody tells are used wrongly, and a commit is asked for but once.</summary>
    [Fact]
    public async Task What_a_stopped_pull_of_a_commit_left_out_comes_with_the_next()
    {
        _hub.Files["processor_config.json"] = "{}"u8.ToArray();
        string folder = Path.GetDirectoryName(await PullAsync($"@{FakeHub.Commit}"))!;
        foreach (string file in (string[])["config.json", "processor_config.json"])
            File.Delete(Path.Combine(folder, file));
        Directory.Delete(Path.Combine(Repository, ".no_exist"), recursive: true);

        _hub.Token = "of somebody else";
        Assert.Equal(_content, File.ReadAllBytes(await PullAsync($"@{FakeHub.Commit}")));
        _hub.Token = null;
        await PullAsync($"@{FakeHub.Commit}");
        Assert.True(File.Exists(Path.Combine(folder, "config.json")));
        Assert.True(File.Exists(Path.Combine(folder, "processor_config.json")));

        int asked = _hub.Asked.Count;
        await PullAsync($"@{FakeHub.Commit}");
        Assert.Equal(asked, _hub.Asked.Count);
    }

    [Fact]
    public async Task Parts_come_with_their_index()
    {
        _hub.Files.TryRemove(Weights, out _);
        _hub.Files["model.safetensors.index.json"] = Encoding.UTF8.GetBytes(
            """{"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors", "c": "model-1.safetensors"}}""");
        (_hub.Files["model-1.safetensors"], _hub.Files["model-2.safetensors"]) = (_content, _content[..2000]);
        string folder = Path.GetDirectoryName(await PullAsync())!;
        Assert.Equal(_content, File.ReadAllBytes(Path.Combine(folder, "model-1.safetensors")));
        Assert.Equal(_content[..2000], File.ReadAllBytes(Path.Combine(folder, "model-2.safetensors")));
    }

    [Theory]
    [InlineData("../../../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    public async Task An_index_leads_nowhere_else(string shard)
    {
        _hub.Files.TryRemove(Weights, out _);
        _hub.Files["model.safetensors.index.json"] =
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { weight_map = new { a = shard } });
        Assert.Contains("names no files", (await Assert.ThrowsAsync<HubException>(() => PullAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_can_be_named_and_what_is_not_there_is_said()
    {
        _hub.Files["vit/ViT-B_16.npz"] = _content;
        Assert.EndsWith("ViT-B_16.npz", await PullAsync("/vit/ViT-B_16.npz"), StringComparison.Ordinal);
        HubException missing = await Assert.ThrowsAsync<HubException>(() => PullAsync("/none.npz"));
        Assert.Contains("vit/ViT-B_16.npz", missing.Message, StringComparison.Ordinal);
        Assert.Contains(
            "no such repository", (await Assert.ThrowsAsync<HubException>(() => PullAsync("@v9"))).Message, StringComparison.Ordinal);
        _hub.Files.TryRemove(Weights, out _);
        Assert.Contains(
            "no weights under a usual name", (await Assert.ThrowsAsync<HubException>(() => PullAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_want_the_same_get_it_once()
    {
        string[] paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PullAsync()));
        Assert.All(paths, path => Assert.Equal(_content, File.ReadAllBytes(path)));
        Assert.Empty(Directory.GetFiles(Path.Combine(Repository, "blobs"), "*.incomplete"));
    }

    [Theory]
    [InlineData("hf:")]
    [InlineData("hf:tiny")]
    [InlineData("hf:acme/")]
    [InlineData("hf:acme/..")]
    [InlineData("hf:acme/tiny/../../x")]
    [InlineData("hf:acme/tiny@")]
    [InlineData("hf:acme/tiny@../x")]
    [InlineData("hf:acme/ti ny")]
    [InlineData("hf:acme/tiny?x=1")]
    public void What_names_nothing_is_refused(string reference) => Assert.Contains(
        "hf:OWNER/NAME", Assert.Throws<ArgumentException>(() => HubReference.Parse(reference)).Message, StringComparison.Ordinal);

    private string Repository => Path.Combine(_cache.FullName, "models--acme--tiny");

    private Task<string> PullAsync(
        string more = "", string? token = null, bool isOffline = false, IProgress<HubProgress>? progress = null,
        CancellationToken cancellation = default) => VptDsl.Weights.Hub.Hub.PullFromAsync(
            HubReference.Parse("hf:acme/tiny" + more), new HubSettings(_hub.Address, _cache.FullName, token, isOffline), progress,
            cancellation);

    private sealed class Progress(Action<HubProgress> report) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => report(value);
    }
}
