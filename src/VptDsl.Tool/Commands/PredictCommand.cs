using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using VptDsl.Data.Folders;

namespace VptDsl.Tool.Commands;

/// <summary>Says what is in images.</summary>
internal static class PredictCommand
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var images = new Argument<FileSystemInfo[]>("images")
        {
            Description = "JPEG, PNG, WebP, BMP or GIF files, and folders of them; - for an image on standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var list = new Option<FileInfo>("--list") { Description = "A text file with the name of an image in each line." };
        Option<int> top = Number.Option("--top", "How many classes to name.", usual: 3, least: 1);
        Option<double?> threshold = Number.Optional(
            "--threshold", "The least probability of a class to be named, for instance 0.5 where images can have several. All such, unless "
                + "--top says how many.", least: 0.0);
        var json = new Option<bool>("--json") { Description = "A line of JSON for each image." };
        var csv = new Option<bool>("--csv") { Description = "Comma-separated values: image, class, probability." };
        var command = new Command("predict", "Names the most probable classes of images.");
        var inputs = new TaskInputs();
        inputs.AddTo(command);
        foreach (Symbol symbol in new Symbol[] { images, list, top, threshold, json, csv })
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
                result.AddError("--json and --csv are two ways to write the same: give one.");
            if (result.GetValue(images) is not { Length: > 0 } && result.GetValue(list) is null)
                result.AddError("Say which images: files, folders, - for standard input, or --list.");
        });
        command.SetAction(arguments =>
        {
            string[] files = [.. Named(arguments.GetValue(images) ?? []), .. Listed(arguments.GetValue(list))];
            if (files.Count(image => image == "-") > 1)
                throw new ArgumentException("'-' is given more than once, but standard input holds one image: give '-' once.");
            using Device device = inputs.OpenDevice(arguments);
            using Tuner tuner = inputs.Load(arguments, device);
            Action<string, (string Class, float Probability)[]> print =
                arguments.GetValue(json) ? PrintJson : arguments.GetValue(csv) ? PrintCsv : Print;
            if (arguments.GetValue(csv))
                Console.WriteLine("image,class,probability");
            double least = arguments.GetValue(threshold) ?? 0;
            int most = arguments.GetValue(threshold) is not null && arguments.GetResult(top) is null or { Implicit: true }
                ? int.MaxValue
                : arguments.GetValue(top);
            IReadOnlyList<string> names = Inputs.NamesOf(tuner);
            foreach (string image in files)
            {
                print(image, [.. Predict(tuner, image)
                    .Zip(names, (probability, name) => (name, probability))
                    .Where(pair => Inputs.IsUsed(pair.name) && pair.probability >= least)
                    .OrderByDescending(pair => pair.probability)
                    .Take(most)]);
            }
        });
        return command;
    }

    private static float[] Predict(Tuner tuner, string image)
    {
        if (image != "-")
            return tuner.Predict(image);
        using Stream input = Console.OpenStandardInput();
        return tuner.Predict(input);
    }

    private static IEnumerable<string> Named(FileSystemInfo[] named) => named.SelectMany(place => place.ToString() switch
    {
        "-" => ["-"],
        var folder when Directory.Exists(folder) => ImagesIn(folder),
        var file => [file],
    });

    private static IEnumerable<string> Listed(FileInfo? list) =>
        list is null ? [] : File.ReadLines(list.FullName).Select(line => line.Trim()).Where(line => line.Length > 0);

    /// <summary>The images that a training set would have of the folder.</summary>
    private static List<string> ImagesIn(string folder)
    {
        List<string> found = new ImageScan(folder).Run([folder]).Single();
        return found.Count > 0
            ? found
            : throw new FileNotFoundException($"There is no image in {folder}: give a folder with JPEG, PNG, WebP, BMP or GIF files.");
    }

    private static void Print(string image, (string Class, float Probability)[] best)
    {
        Console.WriteLine(Printable.Of(image));
        foreach ((string name, float probability) in best)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {100 * probability,5:F1} %  {Printable.Of(name)}"));
    }

    private static void PrintJson(string image, (string Class, float Probability)[] best) => Console.WriteLine(JsonSerializer.Serialize(
        new { image, predictions = best.Select(pair => new { @class = pair.Class, probability = pair.Probability }) }, Readable));

    private static void PrintCsv(string image, (string Class, float Probability)[] best)
    {
        foreach ((string name, float probability) in best)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Quoted(image)},{Quoted(name)},{probability:R}"));
    }

    /// <summary>RFC 4180.</summary>
    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
