using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using VptDsl.Testing.Documentation;

namespace VptDsl.Serving.Tests;

/// <summary>
/// Protects who calls the server as its page says: there are the requests that it lists, and an answer has the names that it shows.
/// </summary>
public sealed partial class PageOfServingTests
{
    private const string Page = "docs/serving.md";

    [Fact]
    public async Task The_page_lists_the_requests_that_there_are()
    {
        await using TestServer server = await TestServer.StartAsync();
        IEnumerable<string> mapped = ((IEndpointRouteBuilder)server.App).DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(endpoint => $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET"} "
                + endpoint.RoutePattern.RawText)
            .Where(request => request is not ("GET /own" or "GET /openapi/{documentName}.json")).Distinct();
        IEnumerable<string> listed = Request().Matches(RepositoryFiles.Read(Page)).Select(match => match.Groups["request"].Value);
        Assert.Equal(listed.Distinct().Order(), mapped.Order());
    }

    [Fact]
    public async Task An_answer_has_the_names_that_the_page_shows()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await server.PostAsync(
            $"/v1/tasks/{TestTasks.Names[0]}/predict?top=2", TestTasks.Instance.Images[0]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertShown(await TestServer.JsonAsync(response));
    }

    /// <summary>That the page shows an answer with the same names.</summary>
    internal static void AssertShown(JsonElement answer) => Assert.Contains(
        NamesIn(answer),
        MarkdownBlock.Of(Page).Where(block => block.Text.Contains("milliseconds", StringComparison.Ordinal)).Select(block =>
        {
            using JsonDocument shown = JsonDocument.Parse(block.Text);
            return NamesIn(shown.RootElement);
        }));

    private static string NamesIn(JsonElement answer) => string.Join(' ', Names(answer));

    /// <summary>The names of an object, and of the first of each list's.</summary>
    private static IEnumerable<string> Names(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Names(property.Value).Prepend(property.Name)),
        JsonValueKind.Array => element.EnumerateArray().Take(1).SelectMany(Names),
        _ => [],
    };

    [GeneratedRegex(@"(?<=`)(?<request>(?:GET|POST) /[^`?]*)")]
    private static partial Regex Request();
}
