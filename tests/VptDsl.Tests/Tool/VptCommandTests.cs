using System.Diagnostics;
using System.Text.Json;
using VptDsl.Tool.Models;

namespace VptDsl.Tests.Tool;

/// <summary>Commands around training do what their help says: serve, export, new projects, the machine, the shell.</summary>
public sealed class VptCommandTests(VptFixture fixture) : IClassFixture<VptFixture>
{
    [SkippableFact]
    public async Task Serve_answers_for_a_folder_and_ends_well_on_a_signal()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals");
        string folder = Directory.CreateDirectory(fixture.Path("served")).FullName;
        Assert.Equal(0, VptProcess.Run(fixture.Train("served/shades.safetensors", 1)).ExitCode);
        (Process process, Uri address) = await Serve(folder);
        using Process ending = process;
        using var client = new HttpClient { BaseAddress = address };
        while (!(await client.GetAsync("/readyz")).IsSuccessStatusCode)
            await Task.Delay(20);

        using var image = new ByteArrayContent(File.ReadAllBytes(fixture.Path("images/bright/0.png")));
        using HttpResponseMessage response = await client.PostAsync("/v1/tasks/shades/predict?top=1", image);
        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("shades", answer.GetProperty("task").GetString());

        Task<string> errors = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        VptProcess.Signal(process, "TERM");
        await Task.WhenAll(errors, output);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Serve_takes_the_model_from_the_first_task_that_is_whole()
    {
        string folder = Directory.CreateDirectory(fixture.Path("damaged")).FullName;
        Assert.Equal(0, VptProcess.Run(fixture.Train("damaged/b.safetensors", 1)).ExitCode);
        byte[] whole = File.ReadAllBytes(Path.Combine(folder, "b.safetensors"));
        File.WriteAllBytes(Path.Combine(folder, "a.safetensors"), whole[..^1]);
        string tasks = await TasksOf(folder);
        Assert.Contains("\"b\"", tasks, StringComparison.Ordinal);
        Assert.DoesNotContain("\"a\"", tasks, StringComparison.Ordinal);
    }

    /// <summary>A server without its backbone is none: whoever started it is told, and nobody waits for it to be ready.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Serve_ends_with_a_sentence_when_its_backbone_cannot_be_loaded(bool isThere)
    {
        string folder = Directory.CreateDirectory(fixture.Path($"alone{isThere}")).FullName;
        Assert.Equal(0, VptProcess.Run(fixture.Train($"alone{isThere}/shades.safetensors", 1)).ExitCode);
        string backbone = fixture.Path("typo.safetensors");
        if (isThere)
            File.WriteAllBytes(backbone, File.ReadAllBytes(VptProcess.Backbone)[..^1]);
        (int exitCode, string output, string errors) = VptProcess.Run(
            ["serve", "--backbone", backbone, "--tasks", folder, "--device", "cpu", "--urls", "http://127.0.0.1:0"]);

        Assert.Equal(1, exitCode);
        Assert.Contains(backbone, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    /// <summary>Prompts that are drawn and never trained lie in the model: those of tasks, and not some of the server's own.</summary>
    [Fact]
    public async Task Serve_has_the_frozen_prompts_of_its_tasks()
    {
        string folder = Directory.CreateDirectory(fixture.Path("frozen")).FullName;
        string[] train = fixture.Train("frozen/a.safetensors", 1, "--seed", "3");
        train[Array.IndexOf(train, "none")] = "[DeepPrompt(Tokens = 2, Frozen = true)]";
        (int exitCode, _, string errors) = VptProcess.Run(train);
        Assert.True(exitCode == 0, errors);
        string tasks = await TasksOf(folder);
        Assert.Contains("\"a\"", tasks, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_writes_a_file_for_a_task_or_for_all()
    {
        Assert.Equal(0, VptProcess.Run(fixture.Train("exported.task", 1)).ExitCode);
        string[] export = ["export", "--backbone", VptProcess.Backbone, "--task", fixture.Path("exported.task"), "--output"];
        foreach (string[] more in (string[][])[[], ["--task-inputs"]])
        {
            string path = fixture.Path($"export{more.Length}/model.onnx");
            (int exitCode, string output, string errors) = VptProcess.Run([.. export, path, .. more]);
            Assert.True(exitCode == 0, errors);
            Assert.StartsWith($"wrote {path} (", output, StringComparison.Ordinal);
            Assert.InRange(new FileInfo(path).Length, 4_000_000, 8_000_000);
        }

        (int refused, _, string reason) = VptProcess.Run([.. export, fixture.Path("exported.task")]);
        Assert.Equal(1, refused);
        Assert.Contains("exported.task", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_takes_what_recipes_add_and_logs_the_run()
    {
        (int exitCode, _, string errors) = VptProcess.Run(fixture.Train(
            "recipe.task", 2, "--label-smoothing", "0.1", "--mixup", "0.8", "--clip", "1", "--average", "0.9", "--micro-batch", "4",
            "--log", fixture.Path("run.csv"), "--log", fixture.Path("run.jsonl"), "--log", fixture.Path("board")));
        Assert.True(exitCode == 0, errors);
        Assert.Contains("step,name,value", File.ReadAllText(fixture.Path("run.csv")), StringComparison.Ordinal);
        Assert.NotEmpty(File.ReadAllLines(fixture.Path("run.jsonl")));
        string events = Assert.Single(Directory.GetFiles(fixture.Path("board")));
        Assert.StartsWith("events.out.tfevents.", Path.GetFileName(events), StringComparison.Ordinal);

        (int refused, _, string reason) = VptProcess.Run(fixture.Train("refused.task", 2, "--layer-decay", "0.5"));
        Assert.Equal(1, refused);
        Assert.Contains("LayerDecay", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void New_writes_a_project_that_declares_the_model()
    {
        string folder = fixture.Path("flowers");
        string[] command = ["new", folder, "--backbone", VptProcess.Backbone, "--prompts", "deep:5", "--head", "mlp:2"];
        (int exitCode, _, string errors) = VptProcess.Run(command);
        Assert.True(exitCode == 0, errors);
        Assert.Contains(
            "<PackageReference Include=\"VptDsl\" Version=", File.ReadAllText(Path.Combine(folder, "flowers.csproj")),
            StringComparison.Ordinal);
        Assert.Contains(
            "[Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28, Channels = 1)] [DeepPrompt(Tokens = 5)] [MlpHead(Layers = 2)]",
            File.ReadAllText(Path.Combine(folder, "Program.cs")), StringComparison.Ordinal);
        Assert.Contains("is not empty", VptProcess.Run(command).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_says_what_the_machine_has()
    {
        string[] lines = VptProcess.Run(["doctor"], "de_DE").Output.Split('\n');
        foreach (string what in new[] { "VptDsl ", "CPU ", "CUDA ", "OpenCL ", "memory ", "models " })
            Assert.Single(lines, line => line.StartsWith(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _vpt vpt")]
    [InlineData("zsh", "compdef _vpt vpt")]
    [InlineData("fish", "complete -c vpt")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Shells_are_taught_to_complete(string shell, string command) =>
        Assert.Contains(command, VptProcess.Run(["completion", shell]).Output, StringComparison.Ordinal);

    [Fact]
    public void What_a_shell_asks_is_answered() =>
        Assert.Contains("--prompts", VptProcess.Run(["[suggest:12]", "vpt train --"]).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("none", "")]
    [InlineData("deep:10", "[DeepPrompt(Tokens = 10)]")]
    [InlineData("pad:30", "[PadPrompt(Pixels = 30)]")]
    [InlineData("added", "[AddedPrompt]")]
    [InlineData("[DeepPrompt(Shared = true)]", "[DeepPrompt(Shared = true)]")]
    public void A_scheme_is_an_attribute(string word, string attribute) => Assert.Equal(attribute, Scheme.OfPrompts(word));

    [Theory]
    [InlineData("lora:4", "[LoRA(Rank = 4)]")]
    [InlineData("last:2", "[TrainLastLayers(2)]")]
    [InlineData("everything", "[TrainEverything]")]
    public void A_part_is_an_attribute(string word, string attribute) => Assert.Equal(attribute, Scheme.OfPart(word));

    [Theory]
    [InlineData("bfloat16", "[Precision(Precision.BFloat16)]")]
    [InlineData("TensorFloat32", "[Precision(Precision.TensorFloat32)]")]
    [InlineData("FLOAT32", "[Precision(Precision.Float32)]")]
    public void A_precision_is_an_attribute(string word, string attribute) => Assert.Equal(attribute, Scheme.OfPrecision(word));

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("tf32")]
    [InlineData("[Precision(Precision.BFloat16)]")]
    public void What_is_no_precision_is_refused_with_those_there_are(string word) => Assert.Equal(
        $"--precision is one of float32, tensorfloat32, bfloat16, and not \"{word}\".",
        Assert.Throws<ArgumentException>(() => Scheme.OfPrecision(word)).Message);

    [Theory]
    [InlineData("bfloat16", "[FrozenWeights(WeightStorage.BFloat16)]")]
    [InlineData("Float32", "[FrozenWeights(WeightStorage.Float32)]")]
    public void A_storage_of_frozen_weights_is_an_attribute(string word, string attribute) =>
        Assert.Equal(attribute, Scheme.OfStorage(word));

    [Fact]
    public void What_is_no_storage_is_refused_with_those_there_are() => Assert.Equal(
        "--frozen-weights is one of float32, bfloat16, and not \"float16\".",
        Assert.Throws<ArgumentException>(() => Scheme.OfStorage("float16")).Message);

    [Fact]
    public void A_storage_of_frozen_weights_is_declared_and_explained()
    {
        string explained = VptProcess.Run(["explain", "--backbone", VptProcess.Backbone, "--frozen-weights", "bfloat16"]).Output;
        Assert.Contains("[LinearHead] [FrozenWeights(WeightStorage.BFloat16)]\n", explained, StringComparison.Ordinal);
        Assert.Contains("Frozen weights in bfloat16: ", explained, StringComparison.Ordinal);
    }

    [Fact]
    public void A_precision_is_declared_and_explained()
    {
        string explained = VptProcess.Run(["explain", "--backbone", VptProcess.Backbone, "--precision", "bfloat16"]).Output;
        Assert.Contains("[LinearHead] [Precision(Precision.BFloat16)]\n", explained, StringComparison.Ordinal);
        Assert.Contains("Tensor cores multiply floats rounded to 8 bits (BFloat16)", explained, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deep")]
    [InlineData("deep:")]
    [InlineData("deep:-1")]
    [InlineData("deep:1:2")]
    [InlineData("deep:1,5")]
    [InlineData("none:3")]
    [InlineData("lora:4")]
    [InlineData("")]
    public void A_word_that_means_nothing_is_refused(string word) =>
        Assert.Contains("--prompts", Assert.Throws<ArgumentException>(() => Scheme.OfPrompts(word)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_model_that_cannot_be_is_refused_in_the_generators_words()
    {
        (int exitCode, _, string errors) = VptProcess.Run(["explain", "--attribute", "[Vit(VitSize.Base, Patch = 17)]"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("VPT011", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_that_holds_rubbish_is_made_anew()
    {
        string[] explain = ["explain", "--backbone", VptProcess.Backbone];
        string cache = fixture.Path("cache");
        string first = VptProcess.Run(explain, cache: cache).Output;
        string kept = Assert.Single(Directory.GetFiles(cache));
        byte[] compiled = File.ReadAllBytes(kept);
        foreach (byte[] rubbish in (byte[][])[[], "rubbish"u8.ToArray(), compiled[..1000]])
        {
            File.WriteAllBytes(kept, rubbish);
            Assert.Equal(first, VptProcess.Run(explain, cache: cache).Output);
            Assert.Equal(compiled.Length, File.ReadAllBytes(kept).Length);
        }

        // Where nothing can be kept, nothing is.
        File.WriteAllText(fixture.Path("file"), "");
        Assert.Equal(first, VptProcess.Run(explain, cache: fixture.Path("file")).Output);
    }

    /// <summary>Starts a server, and waits until it says where it listens.</summary>
    /// <summary>The tasks that a server of a folder lists once it is ready.</summary>
    private static async Task<string> TasksOf(string folder)
    {
        (Process process, Uri address) = await Serve(folder);
        using Process serving = process;
        using var client = new HttpClient { BaseAddress = address };
        while (!(await client.GetAsync("/readyz")).IsSuccessStatusCode)
            await Task.Delay(20);

        string tasks = await client.GetStringAsync("/v1/tasks");
        process.Kill();
        return tasks;
    }

    private static async Task<(Process Process, Uri Address)> Serve(string folder)
    {
        Process process = VptProcess.Start(
            ["serve", "--backbone", VptProcess.Backbone, "--tasks", folder, "--device", "cpu", "--urls", "http://127.0.0.1:0"]);
        string line = "";
        while (!line.StartsWith("listening on ", StringComparison.Ordinal))
            line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException(process.StandardError.ReadToEnd());
        return (process, new Uri(line.Split(',')[0]["listening on ".Length..]));
    }
}
