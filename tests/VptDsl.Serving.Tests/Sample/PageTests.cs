using PuppeteerSharp;

namespace VptDsl.Serving.Tests.Sample;

/// <summary>Protects who looks at the server's page: a real browser drops images on it and reads what it shows.</summary>
public sealed class PageTests(SampleServer server) : IClassFixture<SampleServer>
{
    private const int Milliseconds = 600_000;

    private static readonly WaitForFunctionOptions Patience = new() { Timeout = Milliseconds, PollingInterval = 50 };

    private const string DelayNextAnswer = """
        {
          const fetched = window.fetch;
          let isNext = true;
          window.fetch = async (...request) => {
            const isLate = isNext && String(request[0]).includes("predict");
            isNext &&= !isLate;
            const response = await fetched(...request);
            if (isLate) {
              await new Promise(done => setTimeout(done, 1000));
              setTimeout(() => window.wasLate = true, 200);
            }
            return response;
          };
        }
        """;

    private const string DropWhatIsUnderWay = """
        {
          const fetched = window.fetch;
          let left = 64;
          window.fetch = (...request) => String(request[0]).includes("predict") && left-- > 0
            ? Promise.reject(new TypeError("Failed to fetch"))
            : fetched(...request);
        }
        """;

    [SkippableFact]
    public async Task The_page_shows_what_every_task_says_of_an_image_and_how_the_queue_is()
    {
        string? chromium = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);
        Skip.If(chromium is null, "There is no program chromium on the path.");
        await using IBrowser browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu"],
            Timeout = Milliseconds,
            ProtocolTimeout = Milliseconds,
        });
        await using IPage page = await browser.NewPageAsync();
        page.DefaultTimeout = page.DefaultNavigationTimeout = Milliseconds;
        List<string> errors = [];
        page.PageError += (_, error) => errors.Add(error.Message);
        page.Error += (_, error) => errors.Add(error.Error);
        await OpenAsync(page, server.Client.BaseAddress!.ToString());

        await UntilAsync(page, "() => document.getElementById('ready').textContent === 'ready'");
        await UntilAsync(page, "() => document.querySelectorAll('#examples button').length === 9");
        Assert.Equal(SampleServer.Tasks.Order(), (await TextsAsync(page, "#tasks li")).Select(text => text.Split(':')[0]).Order());

        // An example asks all tasks; what the page shows is what the server tells.
        await page.ClickAsync("#examples button");
        await UntilAsync(page, "() => document.querySelectorAll('.answer').length === 3");
        string[] titles = await TextsAsync(page, ".answer h3");
        Assert.Equal(SampleServer.Tasks.Order(), titles.Select(title => title.Split(": ")[0]).Order());

        // A file that is chosen, for one task. The choice of the task asks too, and is answered late: the file's answer stays.
        await page.EvaluateExpressionAsync(DelayNextAnswer);
        string file = Path.Combine(Directory.CreateTempSubdirectory("vptdsl-page-").FullName, "digit.png");
        await File.WriteAllBytesAsync(file, await server.ExampleAsync("digits", 3));
        await page.SelectAsync("#task", "digits");
        await (await page.QuerySelectorAsync("#file")).UploadFileAsync(file);
        await UntilAsync(page, "() => document.querySelectorAll('.answer').length === 1");
        using HttpResponseMessage told = await server.PredictAsync("digits", await File.ReadAllBytesAsync(file));
        string most = (await TestServer.JsonAsync(told)).GetProperty("class").GetString()!;
        await UntilAsync(page, "() => window.wasLate === true");
        await UntilAsync(page, $"() => document.querySelector('.answer h3').textContent === 'digits: {most}'");
        Assert.Equal(5, (await TextsAsync(page, ".bar")).Length);

        // Many at once share batches, and are seen in the picture of the server, also if the network changes under them.
        await page.EvaluateExpressionAsync(DropWhatIsUnderWay);
        await page.ClickAsync("#many");
        await UntilAsync(page, "() => document.getElementById('summary').textContent.startsWith('64 answers')");
        await UntilAsync(page, "() => document.getElementById('device').textContent.endsWith('%')");
        Assert.Equal([""], await TextsAsync(page, "#error"));

        // What is no image is said.
        string text = Path.ChangeExtension(file, ".txt");
        await File.WriteAllTextAsync(text, "no image");
        await (await page.QuerySelectorAsync("#file")).UploadFileAsync(text);
        await UntilAsync(page, "() => document.getElementById('error').textContent.startsWith('415')");
        Assert.Empty(errors);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    /// <summary>Opens a page. A browser drops what is under way when the computer's network changes, as other suites make it do.</summary>
    private static async Task OpenAsync(IPage page, string address)
    {
        const int mostTries = 20;
        for (int tries = 1; ; tries++)
        {
            try
            {
                await page.GoToAsync(address);
                return;
            }
            catch (NavigationException) when (tries < mostTries)
            {
                await Task.Delay(500);
            }
        }
    }

    private async Task UntilAsync(IPage page, string isSo)
    {
        try
        {
            await page.WaitForFunctionAsync(isSo, Patience);
        }
        catch (WaitTaskTimeoutException e)
        {
            string shown = await page.EvaluateExpressionAsync<string>("document.body.innerText");
            throw new TimeoutException($"Never so: {isSo}.\nThe page shows:\n{shown}\nThe server wrote:\n{server.Output}", e);
        }
    }

    private static Task<string[]> TextsAsync(IPage page, string selector) => page.EvaluateFunctionAsync<string[]>(
        "selector => [...document.querySelectorAll(selector)].map(element => element.textContent)", selector);
}
