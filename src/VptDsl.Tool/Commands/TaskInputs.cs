using System.CommandLine;
using VptDsl.Tasks;
using VptDsl.Tool.Models;

namespace VptDsl.Tool.Commands;

/// <summary>A backbone with a task, as commands are given them that use one.</summary>
internal sealed class TaskInputs
{
    private readonly ModelOptions _model = new();
    private readonly Option<FileInfo> _task = new("--task") { Description = "The task file that 'vpt train' wrote.", Required = true };
    private readonly Option<string> _device = DeviceOption.Create();

    /// <summary>Adds what is asked for to a command.</summary>
    public void AddTo(Command command)
    {
        _model.AddTo(command);
        command.Add(_task);
        command.Add(_device);
    }

    /// <summary>Opens the device.</summary>
    public Device OpenDevice(ParseResult arguments) => DeviceOption.Open(arguments.GetValue(_device));

    /// <summary>Loads the model and the task.</summary>
    public Tuner Load(ParseResult arguments, Device device)
    {
        string task = arguments.GetValue(_task)!.FullName;
        ModelDeclaration declaration = _model.Declare(arguments, TaskFile.Inspect(task));
        Tuner tuner = _model.Load(arguments, CompiledModel.Of(declaration, device), device, seed: 0);
        tuner.LoadTask(task);
        return tuner;
    }
}
