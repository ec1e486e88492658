using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace VptDsl.Tool.Commands;

/// <summary>Where a command listens over HTTP: what no server could listen at is refused before anything begins.</summary>
internal static class ListeningOption
{
    private const string Name = "--urls";

    /// <summary>The option.</summary>
    /// <param name="description">What is heard there.</param>
    /// <param name="usual">The address if left out; null for none.</param>
    public static Option<string?> Create(string description, string? usual = null)
    {
        var urls = new Option<string?>(Name) { Description = description };
        if (usual is not null)
            urls.DefaultValueFactory = _ => usual;
        urls.Validators.Add(result =>
        {
            if (result is { Implicit: false } && Problem(result.Tokens[^1].Value) is { } problem)
                result.AddError(problem);
        });
        return urls;
    }

    /// <summary>What is wrong with addresses, which semicolons divide; null if nothing is.</summary>
    private static string? Problem(string urls)
    {
        string[] all = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return all.Length == 0 ? Example(urls) : all.Select(ProblemOfOne).FirstOrDefault(problem => problem is not null);
    }

    private static string? ProblemOfOne(string url) =>
        IsAddress(url) ? null
        : IsAddress($"http://{url}") ? $"{Name} needs to know that it is HTTP: write http://{url} instead of {url}."
        : Example(url);

    private static string Example(string url) => $"{Name} must be an address such as http://0.0.0.0:8080, and not \"{url}\".";

    private static bool IsAddress(string url)
    {
        try
        {
            BindingAddress address = BindingAddress.Parse(url);
            return address.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) && address.PathBase.Length == 0
                && address.Port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
