using System.CommandLine;
using System.Globalization;
using VptDsl.Tool.Models;

namespace VptDsl.Tool.Commands;

/// <summary>Says what a model costs.</summary>
internal static class ExplainCommand
{
    private const double Mega = 1e6;

    public static Command Create()
    {
        var model = new ModelOptions(needsBackbone: false);
        Option<int> batch = Number.Option("--batch", "Images in a step.", usual: 8, least: 1);
        var command = new Command("explain", "Says what training a model costs, and what the compiler removed from a step.") { batch };
        model.AddTo(command);
        command.SetAction(arguments =>
        {
            CompiledModel compiled = CompiledModel.Of(model.Declare(arguments));
            int images = arguments.GetValue(batch);
            Console.WriteLine(compiled.Declaration);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"trained parameters {compiled.TrainableParameters:N0} with {compiled.Classes:N0} classes; "
                    + $"a step of {images:N0} images works in {compiled.StepBytes(images) / Mega:N0} MB"));
            Console.WriteLine();
            Console.WriteLine(compiled.Explanation);
        });
        return command;
    }
}
