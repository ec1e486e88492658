using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SkiaSharp;
using VptDsl.Devices.Ilgpu;
using VptDsl.Tests.Tool;
using VptDsl.Tool.Sweeps;
using VptDsl.Training.Checkpoints;
using VptDsl.Training.Recipes;

namespace VptDsl.Orleans.Tests;

/// <summary>Protects who types: the command with a cluster writes what the command without one writes.</summary>
public sealed class VptSiloTests : IDisposable
{
    private const int Side = 28;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-silo-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task A_sweep_on_a_silo_and_on_an_own_cluster_is_the_sweep()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "kill and env are Linux's.");
        WriteImages();
        File.WriteAllText(PathOf("recipe.json"), """
            {
              "name": "two", "learningRates": [1, 0.5], "weightDecays": [0], "epochs": 2, "warmupEpochs": 0, "transforms": "vtab",
              "seeds": [1]
            }
            """);
        Assert.Equal(0, VptProcess.Run(Sweep("local.jsonl")).ExitCode);
        (int ownCode, _, string ownErrors) = VptProcess.Run([.. Sweep("own.jsonl"), "--cluster"], culture: "tr_TR");
        Assert.True(ownCode == 0, ownErrors);

        using Process silo = VptProcess.Start(
            ["silo", "--cluster", PathOf("cluster"), "--device", "cpu", "--threads", "1", "--urls", "http://127.0.0.1:0"]);
        string shown = await LineAsync(silo, "the cluster is shown at ");
        await LineAsync(silo, "a silo of ");
        (int code, _, string errors) = VptProcess.Run([.. Sweep("silo.jsonl"), "--cluster", PathOf("cluster")]);
        Assert.True(code == 0, errors);
        using var http = new HttpClient();
        Assert.Contains("<h1>Sweeps</h1>", await http.GetStringAsync(new Uri(shown)), StringComparison.Ordinal);
        Assert.Contains("\"phase\":\"Done\"", await http.GetStringAsync(new Uri(new Uri(shown), "cluster.json")), StringComparison.Ordinal);
        VptProcess.Signal(silo, "TERM");
        await silo.WaitForExitAsync();

        byte[] expected = File.ReadAllBytes(PathOf("local.jsonl"));
        Assert.Equal(expected, File.ReadAllBytes(PathOf("own.jsonl")));
        Assert.Equal(expected, File.ReadAllBytes(PathOf("silo.jsonl")));
        Assert.False(Directory.Exists(PathOf("own.jsonl.cluster")));
    }

    [SkippableFact]
    public void An_own_cluster_that_is_stopped_keeps_what_it_found_and_a_second_one_takes_nothing_from_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "kill and env are Linux's.");
        WriteImages();
        File.WriteAllText(PathOf("recipe.json"), """
            {
              "name": "long", "learningRates": [1, 0.5, 0.25], "weightDecays": [0], "epochs": 400, "warmupEpochs": 0, "transforms": "vtab",
              "seeds": [1]
            }
            """);
        string[] command = [.. Sweep("own.jsonl"), "--cluster"];
        using (Process first = VptProcess.Start(command))
        {
            VptProcess.WaitFor(first, "rate ");
            VptProcess.Signal(first, "INT");
            Assert.Equal(130, VptProcess.End(first).ExitCode);
        }

        Assert.True(Directory.Exists(PathOf("own.jsonl.cluster")));
        int code;
        string errors;
        using (RunLock.Take(PathOf("own.jsonl")))
            (code, _, errors) = VptProcess.Run(command);
        Assert.Equal(1, code);
        Assert.Contains("another run saves itself to this file", errors, StringComparison.Ordinal);
        Assert.True(Directory.Exists(PathOf("own.jsonl.cluster")));
        (code, _, errors) = VptProcess.Run(command);
        Assert.True(code == 0, errors);
        Assert.False(Directory.Exists(PathOf("own.jsonl.cluster")));
    }

    [SkippableFact]
    public void A_silo_without_its_device_says_so_and_ends()
    {
        using IlgpuDevice? gpu = IlgpuDevice.TryCuda();
        Skip.If(gpu is not null, "This machine has a GPU.");
        (int code, _, string errors) = VptProcess.Run(["silo", "--cluster", PathOf("cluster"), "--device", "cuda"]);

        Assert.Equal(1, code);
        Assert.Contains("cannot work, and the silo ends", errors, StringComparison.Ordinal);
    }

    /// <summary>A store that is down is no mistake in the program, and who reads the error has to know which store.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(",abortConnect=false,connectTimeout=500,syncTimeout=500")]
    public void A_silo_whose_store_is_down_names_it_and_the_settings(string more)
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        int port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        File.WriteAllText(PathOf("cluster.json"), $$"""{ "store": "redis", "connection": "127.0.0.1:{{port}}{{more}}" }""");

        (int code, _, string errors) = VptProcess.Run(["silo", "--cluster", PathOf("cluster.json"), "--device", "cpu"]);

        Assert.True(code == 1, errors);
        Assert.Contains("The silo cannot join the cluster vptdsl in Redis: ", errors, StringComparison.Ordinal);
        Assert.Contains("Look whether Redis is up", errors, StringComparison.Ordinal);
    }

    /// <summary>The option of the port that is taken is named, and not the page's, nor the page's as the silo's.</summary>
    [Theory]
    [InlineData("The silo cannot listen at --port {0}: ", "--port")]
    [InlineData("The silo cannot listen at --gateway-port {0}: ", "--gateway-port")]
    [InlineData("The silo cannot listen at --port {0}: ", "--port", "--urls", "http://127.0.0.1:0")]
    [InlineData("Nothing can listen at http://127.0.0.1:{0}: ", "--urls")]
    [InlineData("Nothing can listen at http://localhost:{0}: ", "--urls")]
    public void A_port_that_is_taken_is_named_with_its_option(string sentence, string option, params string[] more)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0) { ExclusiveAddressUse = true };
        other.Start();
        string port = $"{((IPEndPoint)other.LocalEndpoint).Port}";
        string host = sentence.Contains("localhost", StringComparison.Ordinal) ? "localhost" : "127.0.0.1";
        string value = option == "--urls" ? $"http://{host}:{port}" : port;

        (int code, _, string errors) = VptProcess.Run(
            ["silo", "--cluster", PathOf("cluster"), "--device", "cpu", option, value, .. more]);

        Assert.True(code == 1, errors);
        Assert.Contains(string.Format(CultureInfo.InvariantCulture, sentence, port), errors, StringComparison.Ordinal);
        Assert.Contains($"Give {(option == "--urls" ? "--urls" : "--port")}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_silo_is_the_command_says_how_to_start_one()
    {
        WriteImages();
        (int code, _, string errors) = VptProcess.Run([.. Sweep("a.jsonl"), "--cluster", PathOf("nobody")]);

        Assert.Equal(1, code);
        Assert.Contains("vpt silo --cluster", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"[Vit(VitSize.Base)] class C { static C() { System.Environment.Exit(3); } }","backbone":"b","images":"i"}""")]
    [InlineData("""{"model":"[Vit(System.Environment.Exit(3))]","backbone":"b","images":"i"}""")]
    [InlineData("""{"model":"[System.Obsolete]","backbone":"b","images":"i"}""")]
    [InlineData("""{"model":"[LinearHead]","backbone":"b","images":"i","code":"x"}""")]
    [InlineData("""{"model":null,"backbone":"b","images":"i"}""")]
    [InlineData("null")]
    [InlineData("{")]
    public void What_is_no_text_of_a_sweep_is_refused_on_a_silo(string work)
    {
        using Device device = Device.Cpu(threads: 1);
        Assert.Throws<ArgumentException>(() => new SweepInputsOpener().Open(work, Recipe.Published[0], device));
    }

    private string[] Sweep(string results) =>
    [
        "sweep", "--backbone", VptProcess.Backbone, "--prompts", "none", "--images", PathOf("images"), "--test", PathOf("images"),
        "--recipe", File.Exists(PathOf("recipe.json")) ? PathOf("recipe.json") : "vtab-prompt", "--device", "cpu", "--results",
        PathOf(results),
    ];

    private void WriteImages()
    {
        var random = new Random(5);
        foreach (string name in (string[])["bright", "dark [x]"])
        {
            DirectoryInfo folder = _folder.CreateSubdirectory($"images/{name}");
            for (int i = 0; i < 6; i++)
            {
                using var bitmap = new SKBitmap(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
                Span<byte> pixels = bitmap.GetPixelSpan();
                random.NextBytes(pixels);
                foreach (ref byte pixel in pixels)
                    pixel = (byte)((name == "bright" ? 100 : 40) + (pixel / 2));
                using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
                File.WriteAllBytes(Path.Combine(folder.FullName, $"{i}.png"), png.ToArray());
            }
        }
    }

    private static async Task<string> LineAsync(Process process, string beginning)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return line[beginning.Length..];
        }

        throw new InvalidOperationException($"no \"{beginning}\": {await process.StandardError.ReadToEndAsync()}");
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
