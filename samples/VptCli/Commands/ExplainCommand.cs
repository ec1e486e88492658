using System.CommandLine;

namespace VptCli.Commands;

/// <summary>Says what a model costs.</summary>
internal static class ExplainCommand
{
    private const int Batch = 8;
    private const double Mega = 1e6;

    public static Command Create()
    {
        Argument<string> model = Inputs.Model();
        var command = new Command("explain", "Says what training a model costs, and what the compiler removed from a step.") { model };
        command.SetAction(arguments =>
        {
            ModelEntry entry = ModelCatalog.Get(arguments.GetValue(model)!);
            double megabytes = entry.StepBytes(Batch) / Mega;
            Console.WriteLine(FormattableString.Invariant(
                $"{entry.Name}: images of {entry.Channels}x{entry.ImageSize}x{entry.ImageSize}, up to {entry.Classes:N0} classes"));
            Console.WriteLine(FormattableString.Invariant(
                $"trained parameters {entry.TrainableParameters:N0} with as many; a step of {Batch} images works in {megabytes:N0} MB"));
            Console.WriteLine();
            Console.WriteLine(entry.Explanation);
        });
        return command;
    }
}
