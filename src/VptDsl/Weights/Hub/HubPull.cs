using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VptDsl.Common;

namespace VptDsl.Weights.Hub;

/// <summary>Brings the files of a reference into the cache: whole, checked, each once, going on where a transfer broke off.</summary>
internal sealed class HubPull(HubReference reference, HubCache cache, HubConnection hub, IProgress<HubProgress>? progress)
{
    private const string Safetensors = "model.safetensors", Torch = "pytorch_model.bin", Index = ".index.json";
    private const int MostTries = 5, Piece = 1 << 20;
    private const long Telling = 4 << 20;
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(60);

    // What tells how images are read, and what no tensor does.
    private static readonly string[] Beside = ["config.json", "preprocessor_config.json", "processor_config.json"];

    /// <returns>The file with the weights, or their index.</returns>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        (string commit, string[] files, bool isWholeList) = await ListAsync(cancellation).ConfigureAwait(false);
        string weights = Choose(files);
        bool wasThere = cache.FilesOf(commit).Contains(weights);
        string path = await GetAsync(commit, weights, cancellation).ConfigureAwait(false);
        IEnumerable<string> more = weights.EndsWith(Index, StringComparison.Ordinal)
            ? ShardsOf(path).Select(shard => FolderOf(weights) + shard)
            : [];
        ILookup<bool, string> beside = BesideOf(weights).ToLookup(files.Contains);
        foreach (string file in more)
            await GetAsync(commit, file, cancellation).ConfigureAwait(false);
        try
        {
            foreach (string file in beside[true])
                await GetAsync(commit, file, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (wasThere && (e is HubException or IOException or UnauthorizedAccessException))
        {
            // Weights that are there suffice: a cache may be there for reading alone, and its files be for those who have a token.
        }

        if (isWholeList)
        {
            foreach (string file in beside[false])
                cache.RememberAbsent(commit, file);
        }

        cache.Remember(commit);
        return path;
    }

    /// <summary>The hub's list; where it cannot be reached, what was downloaded before, which may not be all of it.</summary>
    private async Task<(string Commit, string[] Files, bool IsWhole)> ListAsync(CancellationToken cancellation)
    {
        (string Commit, string[] Files, bool IsWhole)? known =
            cache.KnownCommit() is { } commit && cache.FilesOf(commit) is { Length: > 0 } files ? (commit, files, false) : null;

        // A commit never changes, and what is there of it may be all that is needed. A pull that was stopped leaves weights alone.
        string? weights = known is { } there && HubCache.IsCommit(reference.Revision) ? WeightsAmong(there.Files) : null;
        if (known is { } before && (hub.IsOffline || (weights is not null && IsAllThere(before.Commit, before.Files, weights))))
            return before;
        if (hub.IsOffline)
        {
            throw new HubException(
                $"{reference}", "it was not downloaded before, and HF_HUB_OFFLINE forbids it now", "Unset HF_HUB_OFFLINE.");
        }

        try
        {
            (string listed, string[] all) = await hub.ListAsync(cancellation).ConfigureAwait(false);
            return (listed, all, true);
        }
        catch (HubException e) when (
            known is not null && (weights is not null || e.InnerException is HttpRequestException or TimeoutException))
        {
            return known.Value;
        }
    }

    /// <summary>Whether a pull was not stopped after the weights: whatever tells how images are read came last.</summary>
    private bool IsAllThere(string commit, string[] files, string weights) =>
        BesideOf(weights).Any(files.Contains) || BesideOf(weights).All(file => cache.IsKnownAbsent(commit, file));

    private static IEnumerable<string> BesideOf(string weights) => Beside.Select(name => FolderOf(weights) + name);

    private static string FolderOf(string file) => file[..(file.LastIndexOf('/') + 1)];

    private string? WeightsAmong(string[] files) =>
        reference.File is { } asked ? files.FirstOrDefault(file => file == asked) : Usual(files);

    private string Choose(string[] files)
    {
        if (reference.File is { } asked)
        {
            return files.Contains(asked) ? asked : throw new HubException(
                $"{reference}", $"the repository has no such file; it has {Names(files)}", "Name one of these.");
        }

        return Usual(files) ?? throw new HubException(
            $"{reference}", $"the repository has no weights under a usual name; it has {Names(files)}",
            $"Name the file, as in {Hub.Scheme}{reference.Repository}/FILE.");
    }

    private static string? Usual(string[] files) =>
        new[] { Safetensors, Safetensors + Index, Torch, Torch + Index }.FirstOrDefault(files.Contains);

    private static string Names(string[] files) =>
        files.Length == 0 ? "none" : string.Join(", ", files.Take(20).Select(file => Common.Quoted.Name(file)));

    /// <summary>The files that an index names.</summary>
    private string[] ShardsOf(string index)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(index));
            string[] shards =
            [
                .. json.RootElement.GetProperty("weight_map").EnumerateObject().Select(entry => entry.Value.GetString() ?? "").Distinct(),
            ];
            return shards.All(HubReference.IsName) ? shards : throw new FormatException();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new HubException($"{reference}", "the index of its weights names no files", "Name a file of the repository.", e);
        }
    }

    private async Task<string> GetAsync(string commit, string file, CancellationToken cancellation)
    {
        string path = cache.PathOf(commit, file);
        if (File.Exists(path))
            return path;
        if (hub.IsOffline)
        {
            throw new HubException(
                $"{reference}", $"{file} was not downloaded before, and HF_HUB_OFFLINE forbids it now", "Unset HF_HUB_OFFLINE.");
        }

        HubContent content;
        using (HubAnswer first = await hub.OpenAsync(commit, file, from: 0, cancellation).ConfigureAwait(false))
        {
            content = first.Content;
            // Without a hash there is nothing to check by, and the place of a content is its hash.
            string hash = content.Hash.Length > 0
                ? content.Hash
                : Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(commit + file)));
            using FileStream held = await HoldAsync(cache.LockOf(hash), cancellation).ConfigureAwait(false);
            string blob = cache.BlobOf(hash);
            if (!File.Exists(blob))
                await DownloadAsync(commit, file, content, first, blob, cancellation).ConfigureAwait(false);
            cache.Link(commit, file, hash);
        }

        return path;
    }

    private async Task DownloadAsync(
        string commit, string file, HubContent content, HubAnswer first, string blob, CancellationToken cancellation)
    {
        string partial = blob + ".incomplete";
        for (int tries = 1; ; tries++)
        {
            try
            {
                long there = File.Exists(partial) ? new FileInfo(partial).Length : 0;
                if (there == 0 && tries == 1)
                {
                    await ReceiveAsync(first.Response, partial, append: false, file, content, cancellation).ConfigureAwait(false);
                }
                else if (content.Length is null || there != content.Length)
                {
                    using HubAnswer rest = await hub.OpenAsync(commit, file, there, cancellation).ConfigureAwait(false);
                    bool goesOn = rest.Response.StatusCode == HttpStatusCode.PartialContent
                        && rest.Response.Content.Headers.ContentRange?.From == there;
                    if (rest.Response.IsSuccessStatusCode)
                        await ReceiveAsync(rest.Response, partial, goesOn, file, content, cancellation).ConfigureAwait(false);
                    else
                        File.Delete(partial);
                }

                if (await IsWholeAsync(partial, content, cancellation).ConfigureAwait(false))
                {
                    File.Move(partial, blob, overwrite: true);
                    return;
                }
            }
            catch (Exception e) when (
                e is HttpIOException or HttpRequestException or TimeoutException or IOException { InnerException: SocketException })
            {
                // Broken off: the next try goes on from what is there.
                if (tries == MostTries)
                {
                    throw new HubException(
                        $"{reference}", $"the transfer of {file} broke off {MostTries} times ({e.Message.TrimEnd('.')})",
                        "Try again: it goes on from there.", e);
                }
            }

            if (tries == MostTries)
            {
                throw new HubException(
                    $"{reference}", $"{file} does not arrive as the hub says that it is", "Try again later, or from another network.");
            }

            await Task.Delay(TimeSpan.FromSeconds(0.1 * (1 << tries)), cancellation).ConfigureAwait(false);
        }
    }

    private async Task ReceiveAsync(
        HttpResponseMessage response, string partial, bool append, string file, HubContent content, CancellationToken cancellation)
    {
        using Stream source = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var target = new FileStream(partial, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read);
        byte[] piece = new byte[Piece];
        long told = target.Length;
        progress?.Report(new HubProgress(file, target.Length, content.Length));
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        while (true)
        {
            waiting.CancelAfter(Stalled);
            int read;
            try
            {
                read = await source.ReadAsync(piece, waiting.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"nothing came for {Stalled.TotalSeconds:F0} s"));
            }

            if (read == 0)
                break;
            await target.WriteAsync(piece.AsMemory(0, read), cancellation).ConfigureAwait(false);
            if (content.Length is { } most && target.Length > most)
                break;
            if (target.Length - told < Telling)
                continue;
            told = target.Length;
            progress?.Report(new HubProgress(file, told, content.Length));
        }

        progress?.Report(new HubProgress(file, target.Length, content.Length));
    }

    /// <summary>Whether what arrived is what the hub says; what is as long and something else is thrown away.</summary>
    private static async Task<bool> IsWholeAsync(string partial, HubContent content, CancellationToken cancellation)
    {
        if (!File.Exists(partial) || (content.Length is { } length && new FileInfo(partial).Length < length))
            return false;
        bool isRight;
        using (FileStream stream = File.OpenRead(partial))
        {
            isRight = (content.Length is null || stream.Length == content.Length) && content.Hash.Length switch
            {
                64 => Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation).ConfigureAwait(false)) == content.Hash,
                40 => await GitHashAsync(stream, cancellation).ConfigureAwait(false) == content.Hash,
                _ => true,
            };
        }

        if (!isRight)
            File.Delete(partial);
        return isRight;
    }

    private static async Task<string> GitHashAsync(FileStream stream, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {stream.Length}\0")));
        byte[] piece = new byte[Piece];
        for (int read; (read = await stream.ReadAsync(piece, cancellation).ConfigureAwait(false)) > 0;)
            hash.AppendData(piece, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Waits until no other process downloads the same.</summary>
    private static async Task<FileStream> HoldAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (HeldFile.IsCauseOf(e))
            {
                await Task.Delay(100, cancellation).ConfigureAwait(false);
            }
        }
    }
}
