using System.CommandLine;
using System.Globalization;
using VptDsl;

namespace VptCli.Commands;

/// <summary>Says what is in images.</summary>
internal static class PredictCommand
{
    private const string StandardInput = "/dev/stdin";

    public static Command Create()
    {
        var images = new Argument<FileInfo[]>("images")
        {
            Description = "JPEG, PNG, WebP, BMP or GIF files; - for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<int> top = Number.Option("--top", "How many classes to name.", usual: 3, least: 1);
        var command = new Command("predict", "Names the most probable classes of images.");
        var inputs = new TaskInputs();
        inputs.AddTo(command);
        command.Add(images);
        command.Add(top);
        command.SetAction(arguments =>
        {
            FileInfo[] files = arguments.GetValue(images)!;
            if (files.Count(image => image.ToString() == "-") > 1)
                throw new ArgumentException("'-' is given more than once, but standard input holds one image: give '-' once.");
            using Device device = inputs.OpenDevice(arguments);
            using Tuner tuner = inputs.Load(arguments, device);
            foreach (FileInfo image in files)
            {
                Console.WriteLine(Printable.Of(image.ToString()));
                var best = tuner.Predict(image.ToString() == "-" ? StandardInput : image.FullName)
                    .Zip(tuner.ClassNames ?? [], (probability, name) => (probability, name))
                    .Where(pair => Inputs.IsUsed(pair.name))
                    .OrderByDescending(pair => pair.probability)
                    .Take(arguments.GetValue(top));
                foreach ((float probability, string name) in best)
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {100 * probability,5:F1} %  {Printable.Of(name)}"));
            }
        });
        return command;
    }
}
