using System.CommandLine;
using VptDsl;

namespace VptCli.Commands;

/// <summary>A model with a task, as commands are given it that use one.</summary>
internal sealed class TaskInputs
{
    private readonly Argument<string> _model = Inputs.Model();
    private readonly Option<FileInfo> _backbone = Inputs.Backbone();
    private readonly Option<string> _entry = Inputs.Entry();
    private readonly Option<FileInfo> _task = new("--task") { Description = "The task file that 'vpt train' wrote.", Required = true };
    private readonly Option<string> _device = DeviceOption.Create();

    /// <summary>Adds what is asked for to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_backbone);
        command.Add(_entry);
        command.Add(_task);
        command.Add(_device);
    }

    /// <summary>Opens the device.</summary>
    public Device OpenDevice(ParseResult arguments) => DeviceOption.Open(arguments.GetValue(_device));

    /// <summary>Loads the model and the task.</summary>
    public Tuner Load(ParseResult arguments, Device device)
    {
        Tuner tuner = ModelCatalog.Get(arguments.GetValue(_model)!).Load(
            device, arguments.GetValue(_backbone)!.FullName, arguments.GetValue(_entry), 0);
        tuner.LoadTask(arguments.GetValue(_task)!.FullName);
        return tuner;
    }
}
