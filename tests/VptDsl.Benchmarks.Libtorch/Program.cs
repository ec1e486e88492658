using System.CommandLine;
using VptDsl.Benchmarks.Libtorch;
using VptDsl.Weights;
using static TorchSharp.torch;

var model = new Option<string>("--model")
{
    Description = "vit-t16, -s16, -b16, -l16, -h14, dinov2-s14, -b14, -l14, dinov3-s16, -b16, -l16, siglip-b16, -l16, "
        + "swin-t, -s, -b, -l or convnext-t, -s, -b, -l",
    DefaultValueFactory = _ => "swin-b",
};
var prompts = new Option<string>("--prompts")
{
    Description = "linear, full, shallow:TOKENS, deep:TOKENS, for vision transformers deep:TOKENS:^LAYERS.., or pad:PIXELS",
    DefaultValueFactory = _ => "deep:50",
};
var batch = new Option<int>("--batch") { Description = "Images in a step.", DefaultValueFactory = _ => 8 };
var classes = new Option<int>("--classes") { Description = "Classes of the head.", DefaultValueFactory = _ => 100 };
var steps = new Option<int>("--steps") { Description = "Steps timed, after one to warm up.", DefaultValueFactory = _ => 5 };
var infers = new Option<bool>("--infer") { Description = "Times inference in place of training steps." };
var weights = new Option<string?>("--weights")
{
    Description = "A safetensors file of parameters, images and logits: says how far the logits here are from those, and times nothing.",
};
var command = new RootCommand("Times prompted backbones in libtorch, eager mode.")
{
    model, prompts, batch, classes, steps, infers, weights,
};
command.SetAction(arguments =>
{
    set_num_threads(Environment.ProcessorCount);
    random.manual_seed(1);
    using SafetensorsFile? file = arguments.GetValue(weights) is { } path ? SafetensorsFile.Open(path) : null;
    IPeerModel peer = Peers.Create(arguments.GetValue(model)!, arguments.GetValue(prompts)!, arguments.GetValue(classes), file);
    if (file is null)
    {
        Timing.Run(
            peer, arguments.GetValue(infers), arguments.GetValue(batch), arguments.GetValue(classes), arguments.GetValue(steps));
    }
    else
    {
        LogitsCheck.Run(peer, file);
    }
});
return command.Parse(args).Invoke();
