using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VptDsl.Tests.Weights.Hub;

/// <summary>A server that behaves as the hub does: lists, hashes in headers, large files from another place, ranges, refusals.</summary>
internal sealed class FakeHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly HttpListener _hub = new(), _store = new();
    private readonly Uri _storeAddress;

    public FakeHub()
    {
        (Address, _storeAddress) = (Listen(_hub), Listen(_store));
        _ = Task.Run(() => ServeAsync(_hub, AnswerHub));
        _ = Task.Run(() => ServeAsync(_store, AnswerStore));
    }

    public Uri Address { get; }

    /// <summary>The files of the repository acme/tiny; those over 1,000 bytes lie in the store.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    /// <summary>Who may ask; everybody where null.</summary>
    public string? Token { get; set; }

    /// <summary>Whether the repository has another name now, to which the hub sends whoever asks by the old one.</summary>
    public bool IsRenamed { get; set; }

    /// <summary>How many of the next questions are answered with 429.</summary>
    public int Busy { get; set; }

    /// <summary>How many of the next transfers end in the middle.</summary>
    public int Breaks { get; set; }

    /// <summary>How many of the next transfers have a wrong byte.</summary>
    public int Wrongs { get; set; }

    /// <summary>The paths that were asked for, with the range.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Whether the store was ever told who asks.</summary>
    public bool StoreSawToken { get; private set; }

    public void Dispose()
    {
        _hub.Close();
        _store.Close();
    }

    private static Uri Listen(HttpListener listener)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        listener.Prefixes.Add(address);
        listener.Start();
        return new Uri(address);
    }

    private static async Task ServeAsync(HttpListener listener, Action<HttpListenerContext> answer)
    {
        while (listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await listener.GetContextAsync();
                _ = Task.Run(() => answer(context));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private void AnswerHub(HttpListenerContext context)
    {
        string path = context.Request.Url!.AbsolutePath;
        Asked.Enqueue(path);
        if (IsRenamed && path.Contains("/acme/tiny/", StringComparison.Ordinal))
        {
            context.Response.AddHeader("Location", path.Replace("/acme/tiny/", "/acme/renamed/", StringComparison.Ordinal));
            End(context, 307);
            return;
        }

        path = path.Replace("/acme/renamed/", "/acme/tiny/", StringComparison.Ordinal);
        if (Busy > 0)
        {
            Busy--;
            context.Response.AddHeader("Retry-After", "0");
            End(context, 429);
        }
        else if (Token is not null && context.Request.Headers["Authorization"] != $"Bearer {Token}")
        {
            End(context, 401);
        }
        else if (path is "/api/models/acme/tiny/revision/main" or "/api/models/acme/tiny/revision/" + Commit)
        {
            var siblings = Files.Keys.Order(StringComparer.Ordinal).Select(name => new { rfilename = name });
            Send(context, JsonSerializer.SerializeToUtf8Bytes(new { sha = Commit, siblings }));
        }
        else if (path.StartsWith($"/acme/tiny/resolve/{Commit}/", StringComparison.Ordinal)
            && Files.TryGetValue(path[$"/acme/tiny/resolve/{Commit}/".Length..], out byte[]? content))
        {
            if (content.Length <= 1000)
            {
                string blob = $"blob {content.Length.ToString(CultureInfo.InvariantCulture)}\0";
                byte[] header = Encoding.ASCII.GetBytes(blob);
                context.Response.AddHeader("ETag", $"\"{Convert.ToHexStringLower(SHA1.HashData([.. header, .. content]))}\"");
                Send(context, content);
                return;
            }

            context.Response.AddHeader("X-Linked-Etag", $"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"");
            context.Response.AddHeader("X-Linked-Size", content.Length.ToString(CultureInfo.InvariantCulture));
            context.Response.AddHeader("Location", new Uri(_storeAddress, Path.GetFileName(path)).ToString());
            End(context, 302);
        }
        else
        {
            End(context, 404);
        }
    }

    private void AnswerStore(HttpListenerContext context)
    {
        StoreSawToken |= context.Request.Headers["Authorization"] is not null;
        string range = context.Request.Headers["Range"] ?? "";
        Asked.Enqueue($"store {range}");
        byte[] content = [.. Files.Single(file => Path.GetFileName(file.Key) == context.Request.Url!.AbsolutePath[1..]).Value];
        int from = range.Length == 0 ? 0 : int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        if (Wrongs > 0)
        {
            Wrongs--;
            content[^1] ^= 1;
        }

        if (from > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.AddHeader("Content-Range", $"bytes {from}-{content.Length - 1}/{content.Length}");
        }

        if (Breaks > 0)
        {
            Breaks--;
            context.Response.ContentLength64 = content.Length - from;
            context.Response.OutputStream.Write(content, from, (content.Length - from) / 2);
            context.Response.OutputStream.Flush();
            context.Response.Abort();
            return;
        }

        Send(context, content[from..]);
    }

    private static void Send(HttpListenerContext context, byte[] content)
    {
        context.Response.ContentLength64 = content.Length;
        context.Response.OutputStream.Write(content);
        context.Response.Close();
    }

    private static void End(HttpListenerContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Close();
    }
}
