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
            .Where(request => request != "GET /own").Distinct();
        IEnumerable<string> listed = Request().Matches(RepositoryFiles.Read(Page)).Select(match => match.Groups["request"].Value);
        Assert.Equal(listed.Distinct().Order(), mapped.Order());
    }

    [Fact]
    public async Task An_answer_has_the_names_that_the_page_shows()
    {
        string shown = MarkdownBlock.Of(Page).Single(block => block.Text.Contains("milliseconds", StringComparison.Ordinal)).Text;
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await server.PostAsync(
            $"/v1/tasks/{TestTasks.Names[0]}/predict?top=2", TestTasks.Instance.Images[0]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using JsonDocument page = JsonDocument.Parse(shown);
        Assert.Equal(NamesIn(page.RootElement), NamesIn(await TestServer.JsonAsync(response)));
    }

    /// <summary>The names of an object, and of those that its first list holds.</summary>
    private static IEnumerable<string> NamesIn(JsonElement element) => element.EnumerateObject().SelectMany(
        property => property.Value.ValueKind == JsonValueKind.Array
            ? NamesIn(property.Value[0]).Prepend(property.Name)
            : [property.Name]);

    [GeneratedRegex(@"(?<=`)(?<request>(?:GET|POST) /[^`?]*)")]
    private static partial Regex Request();
}
