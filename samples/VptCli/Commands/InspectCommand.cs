using System.CommandLine;
using VptDsl.Data;
using VptDsl.Tasks;
using VptDsl.Weights;
using VptDsl.Weights.Inspection;

namespace VptCli.Commands;

/// <summary>Says what a weight file is.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "A checkpoint or a task file." };
        var tensors = new Option<bool>("--tensors") { Description = "List every tensor." };
        var command = new Command("inspect", "Says what a file is: format, naming, sizes, and the attribute that declares its backbone.") { file, tensors };
        command.SetAction(arguments =>
        {
            CheckpointDescription description = CheckpointInspector.Describe(arguments.GetValue(file)!.FullName);
            Print(description);
            if (arguments.GetValue(tensors))
            {
                foreach (TensorInfo tensor in description.Tensors)
                    Console.WriteLine($"  {Printable.Of(tensor.Name)} {tensor.Type} [{string.Join(", ", tensor.Shape)}]");
            }
        });
        return command;
    }

    private static void Print(CheckpointDescription description)
    {
        Console.WriteLine($"{description.Path}: {description.Format}, {description.Tensors.Count} tensors");
        if (description.Task is { } task)
            Print(task);
        else if (description.Attribute is null)
            Console.WriteLine(description.Dialect is null ? "no backbone that is known" : $"{description.Dialect} names, sizes unknown");
        else
            PrintBackbone(description);
    }

    private static void Print(TaskInfo task)
    {
        Console.WriteLine("a task file of VptDsl");
        Console.WriteLine($"declaration  {Printable.Of(task.Declaration)}");
        Console.WriteLine($"backbone     SHA-256 {task.BackboneHash}");
        Console.WriteLine($"images       {task.Pipeline?.ToString() ?? "not said"}");
        string[] names = [.. (task.ClassNames ?? []).Where(Inputs.IsUsed).Select(Printable.Of)];
        Console.WriteLine($"classes      {names.Length}: {string.Join(", ", names.Take(10))}{(names.Length > 10 ? ", …" : "")}");
    }

    private static void PrintBackbone(CheckpointDescription description)
    {
        Console.WriteLine($"names        {description.Dialect}");
        Console.WriteLine($"declared by  {description.Attribute}");
        if (description.Backbone?.Guessed is { } guessed)
            Console.WriteLine($"             (the file does not tell {guessed}; this is the usual one)");
        Normalization? usual = description.Kind.Normalization();
        Console.WriteLine($"normalised   {(usual is null ? "not known from the names: ImageNet's numbers, or 0.5 for timm's augreg models" : usual)}");
        Console.WriteLine(description.Problem is { } problem ? $"cannot be loaded so: {problem}" : "can be loaded");
    }
}
