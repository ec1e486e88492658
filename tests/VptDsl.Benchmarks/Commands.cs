using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VptDsl.Benchmarks.Loading;
using VptDsl.Benchmarks.Machine;
using VptDsl.Benchmarks.Models;
using VptDsl.Benchmarks.Serving;
using VptDsl.Compiler;
using VptDsl.Compiler.Explain;
using VptDsl.Compiler.Spec;

namespace VptDsl.Benchmarks;

/// <summary>The command line: what can be measured, on which model.</summary>
internal static class Commands
{
    private static readonly Option<string> ModelOption = new("--model")
    {
        Description = ModelName.Models,
        DefaultValueFactory = _ => "vit-b16",
    };

    private static readonly Option<string> PromptsOption = new("--prompts")
    {
        Description = ModelName.Prompts,
        DefaultValueFactory = _ => "deep:50",
    };

    private static readonly Option<int> BatchOption = new("--batch") { Description = "Images in a step.", DefaultValueFactory = _ => 8 };

    private static readonly Option<int> ClassesOption = new("--classes")
    {
        Description = "Classes of the head.",
        DefaultValueFactory = _ => 100,
    };

    private static readonly Option<WeightStorage> FrozenOption = new("--frozen")
    {
        Description = "In what memory holds frozen weights.",
        DefaultValueFactory = _ => WeightStorage.Float32,
    };

    private static readonly Option<int> StepsOption = new("--steps")
    {
        Description = "Steps timed, after one to warm up.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<int> ThreadsOption = new("--threads") { Description = "CPU threads; 0 for all cores." };

    private static readonly Option<bool> JsonOption = new("--json") { Description = "One line of JSON." };

    private static readonly Option<int> RoundsOption = new("--rounds")
    {
        Description = "How often ours and the peer alternate.",
        DefaultValueFactory = _ => 3,
    };

    public static RootCommand Create() => new("Measures VptDsl.")
    {
        Measuring("step", "Times training steps.", "step"),
        Measuring("epoch2", "Times training steps from kept features: an epoch after the first.", "epoch2"),
        Measuring("infer", "Times inference.", "infer"),
        Peak(),
        RooflineOf(),
        Explain(),
        Generator(),
        Compare(),
        Loader(),
        Tasks(),
        Load(),
        Serving(),
    };

    private static Command Measuring(string name, string description, string mode)
    {
        var command = new Command(name, description)
        {
            ModelOption, PromptsOption, BatchOption, ClassesOption, FrozenOption, StepsOption, ThreadsOption, JsonOption,
        };
        command.SetAction(arguments => Print(Measure(arguments, mode), arguments.GetValue(JsonOption)));
        return command;
    }

    private static Command Peak()
    {
        var command = new Command("peak", "Measures what this machine can do at best: multiply-adds and memory.") { ThreadsOption };
        command.SetAction(arguments => MachinePeak.Print(ThreadsOf(arguments)));
        return command;
    }

    private static Command RooflineOf()
    {
        var command = new Command("roofline", "Holds every operation of a training step against what this machine can do at best.")
        {
            ModelOption, PromptsOption, BatchOption, ClassesOption, StepsOption, ThreadsOption,
        };
        command.SetAction(arguments => Roofline.Run(
            SpecOf(arguments), arguments.GetValue(BatchOption), arguments.GetValue(StepsOption), ThreadsOf(arguments)));
        return command;
    }

    private static Command Explain()
    {
        var command = new Command("explain", "Says what the compiler removed from a training step.")
        {
            ModelOption, PromptsOption, ClassesOption, FrozenOption,
        };
        command.SetAction(arguments => Console.Write(ModelCompiler.Analyze(SpecOf(arguments)).Explanation));
        return command;
    }

    private static Command Generator()
    {
        var command = new Command("generator", "Times the compilation of a declaration to source text.")
        {
            ModelOption, PromptsOption, ClassesOption, StepsOption, JsonOption,
        };
        command.SetAction(arguments =>
        {
            ModelSpec spec = SpecOf(arguments);
            var times = new List<double>();
            for (int run = 0; run < 150 + (4 * arguments.GetValue(StepsOption)); run++)
            {
                long start = Stopwatch.GetTimestamp();
                ModelCompiler.Compile(spec);
                if (run >= 150)
                    times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            double median = Measurement.Median(times);
            JsonElement timed = Parse(
                $"{{{Label(arguments)},\"mode\":\"generator\",\"seconds_min\":{times.Min():F4},\"seconds_median\":{median:F4}}}");
            Print(timed, arguments.GetValue(JsonOption));
        });
        return command;
    }

    private static Command Compare()
    {
        var command = new Command(
            "compare", "Alternates with libtorch (VptDsl.Benchmarks.Libtorch), after a look whether both compute the same; inference of "
                + "vision transformers also with ONNX Runtime, if VPTDSL_PEERS names the folder that holds onnxruntime/run.")
        {
            ModelOption, PromptsOption, BatchOption, ClassesOption, StepsOption, ThreadsOption, RoundsOption,
        };
        var modeOption = new Option<string>("--mode") { Description = "step, epoch2 or infer", DefaultValueFactory = _ => "step" };
        command.Add(modeOption);
        command.SetAction(arguments =>
        {
            ModelSpec spec = SpecOf(arguments);
            string mode = arguments.GetRequiredValue(modeOption);
            CheckLogits(arguments, spec);
            var ours = new List<JsonElement>();
            var libtorch = new List<JsonElement>();
            var onnxRuntime = new List<JsonElement>();
            var exported = new List<JsonElement>();
            for (int round = 0; round < arguments.GetValue(RoundsOption); round++)
            {
                ours.Add(Measure(arguments, mode));
                libtorch.Add(Libtorch(arguments, mode));
                if (mode == "infer" && OnnxRuntime(arguments) is { } measured)
                {
                    onnxRuntime.Add(measured);
                    exported.Add(OnnxRuntimeOnExport(arguments, spec));
                }
            }

            double seconds = MedianOf(ours, "seconds_median"), fastest = FastestOf(ours), peak = MedianOf(ours, "peak_bytes");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{arguments.GetValue(ModelOption)} {arguments.GetValue(PromptsOption)} batch {arguments.GetValue(BatchOption)} {mode}: "
                    + $"{seconds:F3} s, fastest {fastest:F3} s, peak {peak / 1e6:F0} MB"));
            (string, List<JsonElement>)[] all =
            [
                ("libtorch", libtorch), ("ONNX Runtime", onnxRuntime), ("ONNX Runtime on what ExportOnnx writes", exported),
            ];
            foreach ((string name, List<JsonElement> peers) in all)
            {
                if (peers.Count == 0)
                    continue;
                double theirs = MedianOf(peers, "seconds_median"), theirFastest = FastestOf(peers),
                    theirPeak = MedianOf(peers, "peak_bytes");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: {theirs:F3} s, fastest {theirFastest:F3} s, peak {theirPeak / 1e6:F0} MB: {theirs / seconds:F2} times "
                        + $"its speed ({theirFastest / fastest:F2} of the fastest steps), {peak / theirPeak:F2} of its memory"));
            }
        });
        return command;
    }

    private static JsonElement Libtorch(ParseResult arguments, string mode) => Child.Peer(
        LibtorchProgram(),
        [
            .. PeerModel(arguments),
            .. mode switch
            {
                // Eager code runs the frozen layers again in every epoch.
                "step" or "epoch2" => Array.Empty<string>(),
                "infer" => ["--infer"],
                _ => throw new InvalidOperationException($"There is no mode {mode}: give step, epoch2 or infer."),
            },
            "--batch",
            Child.Text(arguments.GetValue(BatchOption)),
            "--steps",
            Child.Text(arguments.GetValue(StepsOption)),
        ]);

    /// <summary>Null where it does not have the model, or is not there.</summary>
    private static JsonElement? OnnxRuntime(ParseResult arguments)
    {
        string[] prompts = arguments.GetRequiredValue(PromptsOption).Split(':');
        if (Environment.GetEnvironmentVariable("VPTDSL_PEERS") is not { } folder
            || arguments.GetValue(ModelOption) != "vit-b16" || prompts is not [("deep" or "shallow" or "linear"), ..] or { Length: > 2 })
        {
            return null;
        }

        return Child.Peer(
            OnnxRuntimeProgram(folder),
            "--mode", prompts[0], "--prompts", prompts.Length > 1 ? prompts[1] : "0",
            "--batch", Child.Text(arguments.GetValue(BatchOption)), "--steps", Child.Text(arguments.GetValue(StepsOption)));
    }

    /// <summary>The same runtime on the model as this library exports it.</summary>
    private static JsonElement OnnxRuntimeOnExport(ParseResult arguments, ModelSpec spec)
    {
        string path = Path.Combine(Path.GetTempPath(), $"vptdsl-exported-{Environment.ProcessId}.onnx");
        try
        {
            Child.WriteOnnx(ModelAssembly.Compile(spec, onnx: true), path);
            return Child.Peer(
                OnnxRuntimeProgram(Environment.GetEnvironmentVariable("VPTDSL_PEERS")!), "--model", path,
                "--batch", Child.Text(arguments.GetValue(BatchOption)), "--steps", Child.Text(arguments.GetValue(StepsOption)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string OnnxRuntimeProgram(string folder) => Path.Combine(folder, "onnxruntime", "run");

    /// <summary>
    /// Only a peer that computes the same is worth a race: says how far its logits are from ours, from the same weights and images.
    /// </summary>
    private static void CheckLogits(ParseResult arguments, ModelSpec spec)
    {
        const double tolerance = 1e-5;
        const int images = 2;
        string path = Path.Combine(Path.GetTempPath(), $"vptdsl-logits-{Environment.ProcessId}.safetensors");
        try
        {
            Child.WriteLogits(ModelAssembly.Compile(spec), images, path);
            double difference =
                Child.Peer(LibtorchProgram(), [.. PeerModel(arguments), "--weights", path]).GetProperty("difference").GetDouble();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"logits of {images} images from the same weights: largest difference {difference:E1} of the largest logit"));
            if (!(difference <= tolerance))
                throw new InvalidOperationException($"The peer computes something else: its logits may differ by {tolerance:E0}.");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string[] PeerModel(ParseResult arguments) =>
    [
        "--model", arguments.GetRequiredValue(ModelOption), "--prompts", arguments.GetRequiredValue(PromptsOption),
        "--classes", Child.Text(arguments.GetValue(ClassesOption)),
    ];

    /// <summary>A program of this repository.</summary>
    private static string LibtorchProgram()
    {
        string program =
            Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../VptDsl.Benchmarks.Libtorch/release/VptDsl.Benchmarks.Libtorch"));
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException(
                "The peer is a program that 'dotnet build -c Release tests/VptDsl.Benchmarks.Libtorch' makes.");
    }

    private static Command Loader()
    {
        var command = new Command("loader", "Times training of a small model from image files against training from memory.")
        {
            RoundsOption,
        };
        command.SetAction(arguments => LoaderBenchmark.Run(arguments.GetValue(RoundsOption)));
        return command;
    }

    private static Command Tasks()
    {
        var tasksOption = new Option<int>("--tasks") { Description = "Tasks that are loaded.", DefaultValueFactory = _ => 100 };
        var command = new Command("tasks", "Times inference of batches whose images belong to many tasks against batches of one task.")
        {
            ModelOption, PromptsOption, BatchOption, ClassesOption, StepsOption, ThreadsOption, RoundsOption, tasksOption,
        };
        command.SetAction(arguments => TaskMix.Run(
            SpecOf(arguments), arguments.GetValue(BatchOption), arguments.GetValue(tasksOption), arguments.GetValue(StepsOption),
            arguments.GetValue(RoundsOption), ThreadsOf(arguments)));
        return command;
    }

    private static Command Load()
    {
        var tasksOption = new Option<int>("--tasks") { Description = "Tasks that are loaded.", DefaultValueFactory = _ => 10 };
        var secondsOption = new Option<int>("--seconds") { Description = "How long images come.", DefaultValueFactory = _ => 60 };
        var timesOption = new Option<double>("--times")
        {
            Description = "How many times as many images come as can be computed.",
            DefaultValueFactory = _ => 3,
        };
        var command = new Command("load", "Lets images of many tasks come faster than they can be computed, and checks every answer.")
        {
            ModelOption, PromptsOption, BatchOption, ClassesOption, ThreadsOption, tasksOption, secondsOption, timesOption,
        };
        command.SetAction((arguments, _) => TaskLoad.Run(
            SpecOf(arguments), arguments.GetValue(BatchOption), arguments.GetValue(tasksOption), arguments.GetValue(secondsOption),
            arguments.GetValue(timesOption), ThreadsOf(arguments)));
        return command;
    }

    private static Command Serving()
    {
        var tasksOption = new Option<int[]>("--tasks")
        {
            Description = "How many tasks there are.",
            DefaultValueFactory = _ => [1, 10, 100],
            AllowMultipleArgumentsPerToken = true,
        };
        var waysOption = new Option<string[]>("--ways")
        {
            Description = "How they are answered for.",
            DefaultValueFactory = _ => ServingTable.Kinds,
            AllowMultipleArgumentsPerToken = true,
        };
        waysOption.AcceptOnlyFromAmong(ServingTable.Kinds);
        var callersOption = new Option<int>("--callers") { Description = "Who asks at a time.", DefaultValueFactory = _ => 16 };
        var secondsOption = new Option<int>("--seconds") { Description = "How long they ask.", DefaultValueFactory = _ => 20 };
        var command = new Command(
            "serving", "Answers for many tasks: by batches that mix them, a process each, loading each in turn, or a session each.")
        {
            ModelOption, PromptsOption, BatchOption, ClassesOption, ThreadsOption, tasksOption, waysOption, callersOption, secondsOption,
        };
        command.SetAction(arguments => ServingTable.Run(
            SpecOf(arguments), arguments.GetRequiredValue(waysOption), arguments.GetRequiredValue(tasksOption),
            arguments.GetValue(callersOption), arguments.GetValue(BatchOption), arguments.GetValue(secondsOption), ThreadsOf(arguments)));
        return command;
    }

    private static JsonElement Measure(ParseResult arguments, string mode)
    {
        ModelSpec spec = SpecOf(arguments);
        int batch = arguments.GetValue(BatchOption);
        double gflop = Gflop(ModelCompiler.Analyze(spec), mode, batch);
        return Child.Measure(
            ModelAssembly.Compile(spec), mode, batch, arguments.GetValue(StepsOption), arguments.GetValue(ThreadsOption), Label(arguments),
            gflop);
    }

    private static double Gflop(CompiledModel model, string mode, int batch)
    {
        long Of(Compiler.Planning.ProgramPlan? plan) => plan is null ? 0 : plan.Steps.Sum(s => Work.Of(s.Call, batch));
        long work = mode switch
        {
            "infer" => Of(model.Encoding) + Of(model.Inference),
            "epoch2" => Of(model.Training),
            _ => Of(model.Encoding) + Of(model.Training),
        };
        return work / 1e9;
    }

    private static int ThreadsOf(ParseResult arguments) =>
        arguments.GetValue(ThreadsOption) is var threads && threads > 0 ? threads : Environment.ProcessorCount;

    private static ModelSpec SpecOf(ParseResult arguments) => ModelName.Parse(
        arguments.GetRequiredValue(ModelOption), arguments.GetRequiredValue(PromptsOption), arguments.GetValue(ClassesOption)) with
    {
        FrozenWeights = arguments.GetValue(FrozenOption),
    };

    private static string Label(ParseResult arguments) =>
        $"\"model\":\"{arguments.GetValue(ModelOption)}\",\"prompts\":\"{arguments.GetValue(PromptsOption)}\""
            + (arguments.GetValue(FrozenOption) is var frozen && frozen != WeightStorage.Float32 ? $",\"frozen\":\"{frozen}\"" : "");

    private static double MedianOf(List<JsonElement> results, string property) =>
        Measurement.Median([.. results.Select(r => r.GetProperty(property).GetDouble())]);

    /// <summary>The fastest step of all: what work beside it disturbed least.</summary>
    private static double FastestOf(List<JsonElement> results) =>
        results.Select(r => r.GetProperty("seconds_min").GetDouble()).DefaultIfEmpty().Min();

    private static JsonElement Parse(FormattableString json) => JsonDocument.Parse(FormattableString.Invariant(json)).RootElement;

    private static void Print(JsonElement result, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(result.GetRawText());
            return;
        }

        foreach (JsonProperty property in result.EnumerateObject())
            Console.WriteLine($"{property.Name,-16} {property.Value}");
    }
}
