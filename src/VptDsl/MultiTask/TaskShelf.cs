using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VptDsl.Common;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Weights;

namespace VptDsl.MultiTask;

/// <summary>
/// The tasks' memory on the device: those that a batch needs are put there, and those that were not used for the longest leave when all
/// together take too much. Its methods are called in the device's turn.
/// </summary>
internal sealed class TaskShelf(ModelProgram program, string backboneHash, long budget)
{
    private readonly HashSet<ServedTask> _present = [];
    private long _uses;

    /// <summary>Bytes that tasks take on the device.</summary>
    public long Bytes => _present.Sum(BytesOf);

    /// <summary>The tasks that are on the device.</summary>
    public int Present => _present.Count;

    /// <summary>Reads a task's file and puts it on the device.</summary>
    /// <exception cref="WeightFileException">The file cannot be read, or belongs to another declaration or backbone.</exception>
    /// <exception cref="InsufficientMemoryException">The device has no room for it.</exception>
    public ServedTask Add(string name, string path)
    {
        TaskMemory memory = program.AddTask();
        try
        {
            TaskInfo info = Read(path, memory, out string content);
            var task = new ServedTask(name, path, info, content, program.Model.Classes) { Memory = memory, LastUse = ++_uses };
            _present.Add(task);
            Trim([task]);
            return task;
        }
        catch
        {
            program.RemoveTask(memory);
            throw;
        }
    }

    /// <summary>Puts a task on the device, unless it is there, and marks it as used.</summary>
    /// <exception cref="WeightFileException">Its file is gone, damaged or another than it was.</exception>
    public TaskMemory Take(ServedTask task)
    {
        task.LastUse = ++_uses;
        if (task.Memory is { } present)
            return present;
        TaskMemory memory = program.AddTask();
        try
        {
            Read(task.Path, memory, out string content);
            if (content != task.Content)
            {
                throw new WeightFileException(
                    task.Path, $"it is another task than {Quoted.Name(task.Name)} was when it was loaded",
                    $"Tell {nameof(MultiTaskModel)}.{nameof(MultiTaskModel.Replace)} of a new file, or put the old one back.");
            }
        }
        catch
        {
            program.RemoveTask(memory);
            throw;
        }

        task.Memory = memory;
        _present.Add(task);
        return memory;
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

    /// <summary>Reads a task's file into memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="memory">Where to.</param>
    /// <param name="content">What tells its parameters from those of another file.</param>
    private TaskInfo Read(string path, TaskMemory memory, out string content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        TaskInfo info = TaskFile.Load(path, program.Model, backboneHash, (parameter, values) =>
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(values));
            program.WriteTask(memory, ProgramParameters.SlotOf(parameter), values);
        });
        content = Convert.ToHexStringLower(hash.GetHashAndReset());
        return info;
    }
}
