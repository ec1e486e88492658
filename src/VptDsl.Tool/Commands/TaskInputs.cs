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

    /// <summary>The task file.</summary>
    public FileInfo TaskOf(ParseResult arguments) => arguments.GetValue(_task)!;

    /// <summary>The checkpoint of the backbone.</summary>
    public FileInfo BackboneOf(ParseResult arguments) => _model.BackboneOf(arguments);

    /// <summary>Opens the device.</summary>
    public Device OpenDevice(ParseResult arguments) => DeviceOption.Open(arguments.GetValue(_device));

    /// <summary>Loads the model and the task.</summary>
    public Tuner Load(ParseResult arguments, Device device)
    {
        string task = TaskOf(arguments).FullName;
        ModelDeclaration declaration = _model.Declare(arguments, TaskFile.Inspect(task));
        Tuner tuner = _model.Load(arguments, CompiledModel.Of(declaration, device), device, seed: 0);
        tuner.LoadTask(task);
        return tuner;
    }
}
