using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using VptDsl.Benchmarks.Libtorch;
using static TorchSharp.torch;

var model = new Option<string>("--model") { Description = "swin-t, -s, -b, -l or convnext-t, -s, -b, -l", DefaultValueFactory = _ => "swin-b" };
var prompts = new Option<string>("--prompts") { Description = "linear, full, shallow:TOKENS, deep:TOKENS or pad:PIXELS", DefaultValueFactory = _ => "deep:50" };
var batch = new Option<int>("--batch") { Description = "Images in a step.", DefaultValueFactory = _ => 8 };
var classes = new Option<int>("--classes") { Description = "Classes of the head.", DefaultValueFactory = _ => 100 };
var steps = new Option<int>("--steps") { Description = "Steps timed, after one to warm up.", DefaultValueFactory = _ => 5 };
var command = new RootCommand("Times training steps of prompted backbones in libtorch, eager mode.") { model, prompts, batch, classes, steps };
command.SetAction(arguments =>
{
    set_num_threads(Environment.ProcessorCount);
    random.manual_seed(1);
    int images = arguments.GetValue(batch), steps_ = arguments.GetValue(steps);
    IPeerModel peer = Peers.Create(arguments.GetValue(model)!, arguments.GetValue(prompts)!, arguments.GetValue(classes));
    Tensor input = randn(images, 3, 224, 224), labels = randint(0, arguments.GetValue(classes), images, dtype: ScalarType.Int64);
    var seconds = new List<double>();
    for (int step = 0; step <= steps_; step++)
    {
        using DisposeScope scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        Tensor loss = nn.functional.cross_entropy(peer.Forward(input), labels);
        loss.backward();
        loss.item<float>();
        if (step > 0)
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        foreach (Tensor tensor in peer.Trained)
            tensor.grad = null;
    }

    seconds.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{{\"peer\":\"libtorch\",\"seconds_min\":{seconds[0]:F4},\"seconds_median\":{(seconds[(seconds.Count - 1) / 2] + seconds[seconds.Count / 2]) / 2:F4},\"peak_bytes\":{Process.GetCurrentProcess().PeakWorkingSet64}}}"));
});
return command.Parse(args).Invoke();
