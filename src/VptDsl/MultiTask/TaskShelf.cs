using VptDsl.Common;
using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.MultiTask;

/// <summary>
/// The tasks' memory on the device: those that a batch needs are put there, and those that were not used for the longest leave when all
/// together take too much. Its methods are called in the device's turn, but for those that read files.
/// </summary>
internal sealed class TaskShelf(ModelProgram program, string backboneHash, long budget)
{
    private readonly HashSet<ServedTask> _present = [];
    private long _uses;

    /// <summary>Bytes that tasks take on the device.</summary>
    public long Bytes => _present.Sum(BytesOf);

    /// <summary>The tasks that are on the device.</summary>
    public int Present => _present.Count;

    /// <summary>Reads a task's file; needs no turn.</summary>
    /// <exception cref="WeightFileException">It cannot be read, or belongs to another declaration or backbone.</exception>
    public TaskContent Read(string path) => TaskContent.Read(path, program.Model, backboneHash);

    /// <summary>As the other overload, for a task that left the device.</summary>
    /// <exception cref="WeightFileException">The file is gone, damaged or another than it was.</exception>
    public TaskContent Read(ServedTask task)
    {
        TaskContent content = Read(task.Path);
        return content.Hash == task.ContentHash ? content : throw new WeightFileException(
            task.Path, $"it is another task than {Quoted.Name(task.Name)} was when it was loaded",
            $"Tell {nameof(MultiTaskModel)}.{nameof(MultiTaskModel.Replace)} of a new file, or put the old one back.");
    }

    /// <summary>Puts a new task on the device.</summary>
    /// <exception cref="InsufficientMemoryException">The device has no room for it.</exception>
    public ServedTask Add(string name, string path, TaskContent content)
    {
        var task = new ServedTask(name, path, content.Info, content.Hash, content.Info.Classes ?? program.Model.Classes);
        Take(task, content);
        Trim([task]);
        return task;
    }

    /// <summary>Marks a task as used, and puts it on the device if it is not there.</summary>
    /// <param name="task">The task.</param>
    /// <param name="content">What its file holds, where that has been read already.</param>
    /// <exception cref="WeightFileException">Its file is gone, damaged or another than it was.</exception>
    /// <exception cref="InsufficientMemoryException">The device has no room for it.</exception>
    public TaskMemory Take(ServedTask task, TaskContent? content)
    {
        if (task.Memory is null)
            Put(task, content ?? Read(task));
        task.LastUse = ++_uses;
        return task.Memory!;
    }

    private void Put(ServedTask task, TaskContent content)
    {
        TaskMemory memory = program.AddTask();
        try
        {
            foreach ((ParameterDescription parameter, float[] values) in content.Parameters)
            {
                if (parameter.Region == Region.Weights)
                    CheckShared(task, parameter, values);
                else
                    program.WriteTask(memory, ProgramParameters.SlotOf(parameter), values);
            }
        }
        catch
        {
            program.RemoveTask(memory);
            throw;
        }

        task.Memory = memory;
        _present.Add(task);
    }

    /// <summary>What training leaves alone lies beside the backbone, once for all tasks.</summary>
    private void CheckShared(ServedTask task, ParameterDescription parameter, float[] values)
    {
        if (!program.Read(parameter).AsSpan().SequenceEqual(values))
        {
            throw new WeightFileException(
                task.Path, "it has other elements than the model, and all tasks share what the declaration leaves untrained",
                $"Load one of the tasks into the model before it serves ({nameof(Tuner)}.{nameof(Tuner.LoadTask)}), "
                + "and train all of them with one seed.",
                parameter.Name);
        }
    }

    private void Remove(ServedTask task)
    {
        if (task.Memory is not { } memory)
            return;
        program.RemoveTask(memory);
        task.Memory = null;
        _present.Remove(task);
    }

    /// <summary>
    /// Takes off what nobody asks for any more, and brings the tasks' memory back to the budget: first what was computed from parameters
    /// leaves, then parameters do, of what was used last in the end.
    /// </summary>
    /// <param name="kept">What has to stay all the same.</param>
    public void Trim(IReadOnlyCollection<ServedTask> kept)
    {
        foreach (ServedTask task in _present.Where(task => task is { IsGone: true, IsInUse: false }).ToArray())
            Remove(task);
        long bytes = Bytes;
        if (bytes <= budget)
            return;
        ServedTask[] leaving = [.. _present.Except(kept).OrderBy(task => task.LastUse)];
        foreach (ServedTask task in leaving.TakeWhile(_ => bytes > budget))
        {
            bytes -= PreparedBytes(task);
            task.Memory!.ReleasePrepared();
        }

        foreach (ServedTask task in leaving.TakeWhile(_ => bytes > budget))
        {
            bytes -= BytesOf(task);
            Remove(task);
        }
    }

    private long BytesOf(ServedTask task) =>
        (sizeof(float) * (program.Model.TrainedFloats + program.Model.MeasuredFloats)) + PreparedBytes(task);

    private static long PreparedBytes(ServedTask task) => sizeof(float) * task.Memory!.PreparedFloats;
}
