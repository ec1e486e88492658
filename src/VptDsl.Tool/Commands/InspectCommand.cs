using System.CommandLine;
using VptDsl.Tasks;
using VptDsl.Tool.Models;
using VptDsl.Weights;
using VptDsl.Inspection;

namespace VptDsl.Tool.Commands;

/// <summary>Says what a weight file is.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = $"A checkpoint ({CheckpointFile.Kinds}) or a task file." };
        var tensors = new Option<bool>("--tensors") { Description = "List every tensor." };
        Option<string> entry = ModelOptions.Entry();
        var command = new Command("inspect", "Says what a file is: format, naming, sizes, and the attribute that declares its backbone.")
        {
            file, tensors, entry,
        };
        command.SetAction(arguments =>
        {
            FileInfo named = arguments.GetValue(file)!;
            CheckpointDescription description = CheckpointInspector.Describe(
                CheckpointFile.Locate(named).FullName, arguments.GetValue(entry));
            Print(CheckpointFile.IsOnHub(named) ? description.Path : named.ToString(), description);
            if (arguments.GetValue(tensors))
            {
                foreach (TensorInfo tensor in description.Tensors)
                    Console.WriteLine($"  {Printable.Of(tensor.Name)} {Printable.Of(tensor.TypeName)} [{string.Join(", ", tensor.Shape)}]");
            }
        });
        return command;
    }

    private static void Print(string name, CheckpointDescription description)
    {
        Console.WriteLine($"{Printable.Of(name)}: {description.Format}, {description.Tensors.Count} tensors");
        if (description.Task is { } task)
            Print(task);
        else if (description.Attribute is null)
            Console.WriteLine($"{Unknown(description.Dialect)}; --tensors lists what is in it");
        else
            PrintBackbone(description);
    }

    private static string Unknown(string? dialect) =>
        dialect is null ? "no backbone that is known" : $"{dialect} names, but shapes of no backbone that can be declared";

    private static void Print(TaskInfo task)
    {
        Console.WriteLine("a task file of VptDsl");
        Console.WriteLine($"declaration  {Printable.Of(task.Declaration)}");
        if (task.Attributes is { } attributes)
            Console.WriteLine($"attributes   {Printable.Of(attributes)}");
        Console.WriteLine($"backbone     SHA-256 {task.BackboneHash}");
        Console.WriteLine($"images       {task.Pipeline?.ToString() ?? "not said"}");
        string[] names = [.. (task.ClassNames ?? []).Where(Inputs.IsUsed).Select(Printable.Of)];
        Console.WriteLine(names.Length == 0
            ? $"classes      {task.Classes}, without names"
            : $"classes      {names.Length}: {string.Join(", ", names.Take(10))}{(names.Length > 10 ? ", …" : "")}");
    }

    private static void PrintBackbone(CheckpointDescription description)
    {
        Console.WriteLine($"names        {description.Dialect}");
        Console.WriteLine($"declared by  {description.Attribute}");
        bool lacksHeads = description.Backbone is VitSketch { Heads: null };
        if (description.Backbone?.Guessed is { } guessed)
        {
            Console.WriteLine(
                $"             (the file does not tell {guessed}; what stands there is usual{(lacksHeads ? ", but for the ?" : "")})");
        }

        if (lacksHeads)
        {
            Console.WriteLine(
                "             (any number of heads that divides the width loads, and only one is right: ask who trained it, "
                    + "or put its config.json beside the file)");
        }

        CheckpointFacts facts = description.Facts;
        Console.WriteLine($"normalised   {facts.Normalization?.ToString() ?? "not known: nothing in the file or beside it says so"}");
        if (facts.ImageSize is not null || facts.Interpolation is not null)
            Console.WriteLine($"images       {string.Join(", ", ((object?[])[facts.ImageSize, facts.Interpolation]).OfType<object>())}");
        foreach (string remark in facts.Remarks)
            Console.WriteLine($"note         {Printable.Of(remark)}");
        Console.WriteLine(description.Problem is { } problem ? $"cannot be loaded so: {problem}" : "can be loaded");
    }
}
