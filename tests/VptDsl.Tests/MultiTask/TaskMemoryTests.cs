using VptDsl.MultiTask;
using VptDsl.Programs;
using VptDsl.Tests.Tool;
using VptDsl.Tests.Weights;
using VptDsl.Tool.Models;

namespace VptDsl.Tests.MultiTask;

/// <summary>Protects a program that opens one model after the other from running out of the device's memory.</summary>
public sealed class TaskMemoryTests
{
    [Fact]
    public void What_tasks_take_on_the_device_goes_with_their_model()
    {
        using var folder = new TempFolder();
        using Device device = Device.Cpu(1);
        Tuner tuner = CompiledModel.Of(ModelDeclaration.Parse(
                "[Vit(Width = 128, Layers = 6, Heads = 4, Patch = 4, Image = 28, Channels = 1)] [DeepPrompt(Tokens = 3)] "
                    + "[LinearHead(Classes = 4)]"))
            .Load(device, VptProcess.Backbone, entry: null, seed: 3);
        tuner.SaveTask(folder.Path("task"));
        TaskMemory[] memory;
        using (var model = new MultiTaskModel(tuner))
        {
            ServedTask[] tasks = [.. ((string[])["a", "b"]).Select(name => model.Load(name, folder.Path("task")))];
            model.Predict(new float[2 * 28 * 28], ["a", "b"]);
            memory = [.. tasks.Select(task => task.Memory!)];
            Assert.All(memory, task => Assert.NotEqual(0, task.PreparedFloats));
        }

        Assert.All(memory, task => Assert.Equal(0, task.PreparedFloats));
    }
}
