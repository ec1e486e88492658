using System.Net;

namespace VptDsl.Serving.Tests.Sample;

/// <summary>Protects requests that are under way when a system asks the server to end.</summary>
public sealed class TerminationTests(SampleServer server) : IClassFixture<SampleServer>
{
    [SkippableFact]
    public async Task Under_load_a_server_that_is_asked_to_end_answers_what_it_took_and_ends_well()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows knows no SIGTERM.");
        byte[] image = await server.ExampleAsync("digits", 0);
        var expected = new Dictionary<string, string>();
        foreach (string task in SampleServer.Tasks)
        {
            using HttpResponseMessage response = await server.PredictAsync(task, image);
            expected[task] = await ProbabilitiesAsync(response);
        }

        int answered = 0;
        Task[] callers = [.. Enumerable.Range(0, 24).Select(async caller =>
        {
            string task = SampleServer.Tasks[caller % SampleServer.Tasks.Length];
            while (true)
            {
                HttpResponseMessage response;
                try
                {
                    response = await server.PredictAsync(task, image);
                }
                catch (HttpRequestException e) when (IsNotTaken(e))
                {
                    return;
                }

                using (response)
                {
                    if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                        return;
                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                    Assert.Equal(expected[task], await ProbabilitiesAsync(response));
                    Interlocked.Increment(ref answered);
                }
            }
        })];
        await server.UntilAsync(() => Task.FromResult(answered > 200));
        Assert.Equal(0, await server.TerminateAsync());
        await Task.WhenAll(callers);
        Assert.DoesNotContain("fail:", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", server.Output, StringComparison.Ordinal);
    }

    /// <summary>No connection was made, or one that had been kept was closed before it carried the request.</summary>
    private static bool IsNotTaken(HttpRequestException e) => e.HttpRequestError is HttpRequestError.ConnectionError
        || e.InnerException is IOException or HttpIOException;

    private static async Task<string> ProbabilitiesAsync(HttpResponseMessage response) =>
        (await TestServer.JsonAsync(response)).GetProperty("probabilities").GetRawText();
}
