using System.CommandLine;
using VptDsl.Onnx;
using VptDsl.Tasks;
using VptDsl.Tool.Models;

namespace VptDsl.Tool.Commands;

/// <summary>Writes a model as an ONNX file.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        var task = new Option<FileInfo>("--task") { Description = "The task file that 'vpt train' wrote.", Required = true };
        var output = new Option<FileInfo>("--output") { Description = "The ONNX file to write.", Required = true };
        var taskInputs = new Option<bool>("--task-inputs")
        {
            Description = "Prompts and head are inputs, so that one file serves every task that was tuned alike.",
        };
        var beside = new Option<bool>("--weights-beside")
        {
            Description = "Weights lie in a file of their own, as those of models over 2 GB do.",
        };
        var command = new Command("export", "Writes backbone and task as an ONNX file (docs/onnx.md).")
        {
            task, output, taskInputs, beside,
        };
        model.AddTo(command);
        command.SetAction(arguments =>
        {
            FileInfo file = arguments.GetValue(task)!, written = arguments.GetValue(output)!;
            OutputPlace.RequireDistinct([written], [file, model.BackboneOf(arguments)]);
            OutputPlace.Prepare(written);
            ModelDeclaration declaration = model.Declare(arguments, TaskFile.Inspect(file.FullName));
            using Device device = Device.Cpu();
            using Tuner tuner = model.Load(arguments, CompiledModel.Of(declaration, ModelParts.Onnx), device, seed: 0);
            tuner.LoadTask(file.FullName);
            tuner.ExportOnnx(
                written.FullName,
                new OnnxOptions { TaskInputs = arguments.GetValue(taskInputs), WeightsBeside = arguments.GetValue(beside) });
            Console.WriteLine($"wrote {written} ({new FileInfo(written.FullName).Length} bytes)");
        });
        return command;
    }
}
