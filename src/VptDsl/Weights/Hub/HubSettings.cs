namespace VptDsl.Weights.Hub;

/// <summary>Where the hub and its cache are, as the environment has it.</summary>
/// <param name="Endpoint">The hub.</param>
/// <param name="Cache">The folder of the repositories.</param>
/// <param name="Token">Who asks; null for anybody.</param>
/// <param name="IsOffline">Whether only what is there may be used.</param>
internal sealed record HubSettings(Uri Endpoint, string Cache, string? Token, bool IsOffline)
{
    /// <exception cref="ArgumentException">A variable makes no sense; says which.</exception>
    public static HubSettings OfEnvironment()
    {
        string user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string home = Read("HF_HOME") ?? Path.Combine(Read("XDG_CACHE_HOME") ?? Path.Combine(user, ".cache"), "huggingface");
        string endpoint = Read("HF_ENDPOINT") ?? "https://huggingface.co";
        if (!Uri.TryCreate(endpoint.TrimEnd('/') + "/", UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http"))
            throw new ArgumentException($"HF_ENDPOINT is {endpoint}, which is no address: https://huggingface.co is one.");
        return new HubSettings(
            uri, Read("HF_HUB_CACHE") ?? Path.Combine(home, "hub"), Read("HF_TOKEN") ?? ReadToken(home),
            Read("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON");
    }

    private static string? Read(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>What the hub's own programs keep when somebody logs in.</summary>
    private static string? ReadToken(string home)
    {
        try
        {
            string file = Read("HF_TOKEN_PATH") ?? Path.Combine(home, "token");
            return File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
