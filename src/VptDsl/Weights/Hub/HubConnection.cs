using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace VptDsl.Weights.Hub;

/// <summary>Asks the hub: follows it to where contents lie, waits when it is busy, and says in words what it refuses.</summary>
internal sealed class HubConnection(HubSettings settings, HubReference reference)
{
    private const int MostRedirects = 8, MostTries = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), LongestPause = TimeSpan.FromSeconds(30);

    // Redirects are followed by hand: what a file is stands in the answer that sends elsewhere, and who asks is nobody else's business.
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Whether only what is there may be used.</summary>
    public bool IsOffline => settings.IsOffline;

    /// <summary>The commit of the revision and the names of its files.</summary>
    public async Task<(string Commit, string[] Files)> ListAsync(CancellationToken cancellation)
    {
        var address = new Uri(
            settings.Endpoint, $"api/models/{reference.Repository}/revision/{Uri.EscapeDataString(reference.Revision)}");
        using HubAnswer answer = await GetAsync(address, from: 0, cancellation).ConfigureAwait(false);
        try
        {
            byte[] list = await answer.Response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            using JsonDocument json = JsonDocument.Parse(list);
            string commit = json.RootElement.GetProperty("sha").GetString() ?? "";
            JsonElement siblings = json.RootElement.GetProperty("siblings");
            string[] files = [.. siblings.EnumerateArray().Select(file => file.GetProperty("rfilename").GetString() ?? "")];
            return HubCache.IsCommit(commit) ? (commit, files) : throw new FormatException();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new HubException(
                $"{reference}", $"{settings.Endpoint} does not answer as the hub does", "See whether HF_ENDPOINT is right.", e);
        }
    }

    /// <summary>A file of a commit, from a byte on.</summary>
    public Task<HubAnswer> OpenAsync(string commit, string file, long from, CancellationToken cancellation)
    {
        string path = string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
        return GetAsync(new Uri(settings.Endpoint, $"{reference.Repository}/resolve/{commit}/{path}"), from, cancellation);
    }

    private async Task<HubAnswer> GetAsync(Uri address, long from, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            TimeSpan pause = TimeSpan.FromSeconds(0.25 * (1 << tries));
            try
            {
                HubAnswer answer = await FollowAsync(address, from, cancellation).ConfigureAwait(false);
                if (answer.Response.IsSuccessStatusCode || answer.Response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                    return answer;
                using (answer)
                {
                    if (!IsPassing(answer.Response.StatusCode) || tries == MostTries)
                        throw Refused(answer.Response, address);
                    pause = answer.Response.Headers.RetryAfter?.Delta is { } asked && asked < LongestPause ? asked : pause;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                if (tries == MostTries)
                {
                    throw new HubException(
                        $"{reference}", $"{address.Host} cannot be reached ({e.Message.TrimEnd('.')})",
                        "See whether there is a network; HF_HUB_OFFLINE=1 uses what was downloaded before.", e);
                }
            }

            await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<HubAnswer> FollowAsync(Uri address, long from, CancellationToken cancellation)
    {
        HubContent? content = null;
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("VptDsl", "0.1"));
            if (from > 0)
                request.Headers.Range = new RangeHeaderValue(from, null);
            bool isHub = address.Host == settings.Endpoint.Host && address.Port == settings.Endpoint.Port;
            if (isHub && settings.Token is { } token)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            HttpResponseMessage response = await SendAsync(request, cancellation).ConfigureAwait(false);
            // A repository that was renamed is at another address of the hub's, and only that one says what the file is; elsewhere a
            // content has marks of its own.
            if (content is null || (isHub && content.Hash.Length == 0))
                content = HubContent.Of(response);
            if ((int)response.StatusCode is not (>= 300 and < 400) || response.Headers.Location is not { } location)
                return new HubAnswer(response, content);
            response.Dispose();
            var next = new Uri(address, location);
            if (next.Scheme != Uri.UriSchemeHttps && address.Scheme == Uri.UriSchemeHttps)
            {
                throw new HubException(
                    $"{reference}", $"{address.Host} sends to {next}, which is not secure", "Try again from another network.");
            }

            address = next;
        }

        throw new HubException($"{reference}", $"{address.Host} sends from one place to the next without end", "Try again later.");
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(Patience);
        try
        {
            return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"no answer within {Patience.TotalSeconds:F0} s"));
        }
    }

    private static bool IsPassing(HttpStatusCode status) => status
        is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private HubException Refused(HttpResponseMessage response, Uri address)
    {
        string who = settings.Token is null ? "nobody said who asks" : "the token is not enough";
        (string problem, string remedy) = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => (
                $"{address.Host} does not give it: it is not there, or not for everybody, and {who}",
                "See whether the name is right; for a gated repository accept its terms on its page, and set HF_TOKEN to your token."),
            HttpStatusCode.NotFound => (
                "there is no such repository, revision or file", "See whether the name is right, and that of the revision."),
            HttpStatusCode.TooManyRequests => (
                $"{address.Host} is asked too often", "Come again later, or set HF_TOKEN to your token."),
            var status => ($"{address.Host} answers {(int)status} {response.ReasonPhrase}", "Try again later."),
        };
        return new HubException($"{reference}", problem, remedy);
    }
}

/// <summary>What the hub sends.</summary>
/// <param name="Response">The answer of the place where it lies.</param>
/// <param name="Content">What the hub said that it is.</param>
internal sealed record HubAnswer(HttpResponseMessage Response, HubContent Content) : IDisposable
{
    public void Dispose() => Response.Dispose();
}

/// <summary>What a file is.</summary>
/// <param name="Hash">SHA-256 of a large file, git's SHA-1 of a small one; empty where the hub says neither.</param>
/// <param name="Length">Its bytes; null where the hub does not say.</param>
internal sealed record HubContent(string Hash, long? Length)
{
    public static HubContent Of(HttpResponseMessage response)
    {
        string tag = Header(response, "X-Linked-Etag") ?? response.Headers.ETag?.Tag ?? "";
        string hash = tag.Replace("W/", "").Trim('"');
        string? linked = Header(response, "X-Linked-Size");
        long? length = long.TryParse(linked, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size
            : response.StatusCode == HttpStatusCode.OK ? response.Content.Headers.ContentLength
            : response.Content.Headers.ContentRange?.Length;
        return new HubContent(hash.Length is 40 or 64 && hash.All(char.IsAsciiHexDigitLower) ? hash : "", length);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
}
