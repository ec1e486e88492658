using System.IO.Compression;

namespace VptDsl.Package.Tests;

/// <summary>Protects what users of the serving package get: a web application of packages alone answers for a task.</summary>
public sealed class ServingPackageTests(PackedLibrary library) : IClassFixture<PackedLibrary>, IDisposable
{
    private readonly Consumer _consumer = new(library);

    public void Dispose() => _consumer.Dispose();

    [Fact]
    public void A_web_application_with_the_packages_alone_serves_a_task()
    {
        using (ZipArchive archive = ZipFile.OpenRead(library.FileOf("VptDsl.Serving")))
        {
            string[] names = [.. archive.Entries.Select(entry => entry.FullName)];
            Assert.Contains("lib/net10.0/VptDsl.Serving.dll", names);
            Assert.Contains("lib/net10.0/VptDsl.Serving.xml", names);
            Assert.Contains("serving.md", names);
        }

        _consumer.WriteProject("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", "Microsoft.NET.Sdk.Web", "VptDsl.Serving");
        _consumer.Write("Program.cs", """
            using System.Net.Http.Headers;
            using VptDsl;
            using VptDsl.Data;
            using VptDsl.Serving;
            using VptDsl.Training;

            using var device = Device.Cpu(threads: 1);
            using (TinyTuner first = TinyTuner.Create(device, seed: 1))
            {
                float[] images = [.. Enumerable.Range(0, 6 * 192).Select(i => MathF.Sin(i * 12.9898f))];
                ImageSet set = ImageSet.FromFloats(new ImageShape(3, 8, 8), images, [0, 1, 2, 0, 1, 2], ["a", "b", "c"]);
                first.Fit(set, options: new FitOptions { Epochs = 1, BatchSize = 3, Progress = ProgressDisplay.Off });
                first.Pipeline = new ImagePipeline(Normalization.Symmetric).Resize(8);
                Directory.CreateDirectory("tasks");
                first.SaveTask("tasks/letters.safetensors");
                first.SaveBackbone("tiny.safetensors");
            }

            WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddVptDslTasks(
                _ => TinyTuner.Load(device, "tiny.safetensors", seed: 0), options => options.TaskFolder = "tasks");
            WebApplication app = builder.Build();
            app.MapVptDslTasks();
            app.MapVptDslHealth();
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            while (!(await client.GetAsync("/readyz")).IsSuccessStatusCode)
                await Task.Delay(20);
            var image = new ByteArrayContent(Convert.FromBase64String(
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
            image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            HttpResponseMessage response = await client.PostAsync("/v1/tasks/letters/predict?top=3", image);
            Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            await app.StopAsync();

            [Vit(Width = 16, Layers = 2, Heads = 2, Patch = 4, Image = 8)]
            [DeepPrompt(Tokens = 2)]
            [LinearHead(Classes = 3)]
            internal sealed partial class TinyTuner;
            """);
        string output = _consumer.DotNet("run", "--project", "Consumer.csproj");
        Assert.StartsWith("200 {\"task\":\"letters\",\"class\":\"", output, StringComparison.Ordinal);
    }
}
