using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using VptDsl.Orleans;

namespace VptDsl.Tool.Sweeps;

/// <summary>A page that shows a cluster: its silos, its sweeps, and the curve of each run.</summary>
internal static partial class SiloPage
{
    /// <summary>Adds the page, and the JSON that it asks for, to a silo.</summary>
    public static void MapTo(WebApplication app)
    {
        app.MapGet("/", async context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";
            await using Stream page = typeof(SiloPage).Assembly.GetManifestResourceStream("silo.html")!;
            await page.CopyToAsync(context.Response.Body);
        });
        app.MapGet("/cluster.json", async context => await context.Response.WriteAsJsonAsync(
            await AskAsync(context), ViewContext.Default.ClusterView, cancellationToken: context.RequestAborted));
    }

    private static async Task<ClusterView> AskAsync(HttpContext context)
    {
        var grains = (IGrainFactory)context.RequestServices.GetService(typeof(IGrainFactory))!;
        Dictionary<SiloAddress, SiloStatus> silos = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        return new ClusterView(
            [.. silos.Keys.Select(silo => $"{silo.Endpoint}").Order(StringComparer.Ordinal)], await ClusterSweep.ViewAsync(grains));
    }

    /// <summary>What the page shows.</summary>
    /// <param name="Silos">The addresses of the silos.</param>
    /// <param name="Sweeps">The sweeps, in the order in which they are served.</param>
    internal sealed record ClusterView(ImmutableArray<string> Silos, ImmutableArray<SweepView> Sweeps);

    [JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(ClusterView))]
    private sealed partial class ViewContext : JsonSerializerContext;
}
