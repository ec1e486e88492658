using System.Text.RegularExpressions;

namespace VptDsl.Weights.Hub;

/// <summary>Where the hub and its cache are, as the environment has it.</summary>
/// <param name="Endpoint">The hub.</param>
/// <param name="Cache">The folder of the repositories.</param>
/// <param name="Token">Who asks; null for anybody.</param>
/// <param name="IsOffline">Whether only what is there may be used.</param>
internal sealed partial record HubSettings(Uri Endpoint, string Cache, string? Token, bool IsOffline)
{
    /// <exception cref="ArgumentException">A variable makes no sense; says which.</exception>
    public static HubSettings OfEnvironment() => Of(Environment.GetEnvironmentVariable);

    /// <param name="variable">The value of a variable; null where there is none.</param>
    /// <exception cref="ArgumentException">A variable makes no sense; says which.</exception>
    public static HubSettings Of(Func<string, string?> variable)
    {
        string? Read(string name) => variable(name) is { Length: > 0 } value ? value : null;
        string? ReadPath(string name) => Read(name) is { } path ? Expand(path, variable) : null;
        string home = ReadPath("HF_HOME") ?? Path.Combine(ReadPath("XDG_CACHE_HOME") ?? Path.Combine(User(), ".cache"), "huggingface");
        string endpoint = Read("HF_ENDPOINT") ?? "https://huggingface.co";
        if (!Uri.TryCreate(endpoint.TrimEnd('/') + "/", UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http"))
            throw new ArgumentException($"HF_ENDPOINT is {endpoint}, which is no address: https://huggingface.co is one.");
        return new HubSettings(
            uri, ReadPath("HF_HUB_CACHE") ?? Path.Combine(home, "hub"),
            TokenOf("HF_TOKEN", Read("HF_TOKEN")) ?? ReadToken(ReadPath("HF_TOKEN_PATH") ?? Path.Combine(home, "token")),
            Read("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON");
    }

    private static string User() => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The user's folder and variables in a path, as the hub's own programs understand them.</summary>
    private static string Expand(string path, Func<string, string?> variable) => Variables().Replace(
        path is "~" || path.StartsWith("~/", StringComparison.Ordinal) ? User() + path[1..] : path,
        match => variable(match.Groups["name"].Value) ?? match.Value);

    [GeneratedRegex(@"\$(\{(?<name>\w+)\}|(?<name>\w+))", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Variables();

    /// <summary>What the hub's own programs keep when somebody logs in.</summary>
    private static string? ReadToken(string file)
    {
        try
        {
            return File.Exists(file) ? TokenOf(file, File.ReadAllText(file)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A token goes into a header, where nothing else may stand.</summary>
    private static string? TokenOf(string place, string? text) => text?.Trim() switch
    {
        null or "" => null,
        { } token when token.All(c => c is > ' ' and < '\u007F') => token,
        _ => throw new ArgumentException($"{place} has a space, a line break or a sign in it that no token has: write the token alone."),
    };
}
