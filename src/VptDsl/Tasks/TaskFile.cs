using System.Collections.Immutable;
using VptDsl.Common;
using VptDsl.Data;
using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Tasks;

/// <summary>Task files: what was trained for one task (prompts, head, and whatever else is trained), without the backbone.</summary>
/// <remarks>
/// A safetensors file of 32-bit floats under the parameters' names. Its header says which declaration and which backbone it
/// belongs to, since prompts mean nothing to another. Of a head that has room for more classes the file has the task's alone, as if the
/// head had been declared with so many: any head of that kind with room enough takes them up.
/// </remarks>
public static class TaskFile
{
    private const string ChangedOrDamaged = "The file was changed since it was saved, or damaged: copy it again, or save the task again.";

    /// <summary>Writes a task, atomically.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="model">The model; its classes are the task's.</param>
    /// <param name="backboneHash">The hash of its frozen backbone; see <see cref="BackboneHash"/>.</param>
    /// <param name="classNames">The name of each class, or null.</param>
    /// <param name="read">Provides a parameter's elements; asked twice.</param>
    /// <param name="pipeline">What images of the task go through, normalisation included, or null.</param>
    /// <param name="attributes">The attributes that declare the model, or null; see <see cref="TaskInfo.Attributes"/>.</param>
    /// <exception cref="ArgumentException">There are names for more or fewer classes than the model has.</exception>
    /// <exception cref="InvalidOperationException">A parameter has elements that are NaN or infinite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(
        string path,
        ModelDescription model,
        string backboneHash,
        IReadOnlyList<string>? classNames,
        Func<ParameterDescription, float[]> read,
        ImagePipeline? pipeline = null,
        string? attributes = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(backboneHash);
        ArgumentNullException.ThrowIfNull(read);
        if (classNames is not null && classNames.Count != model.Classes)
        {
            throw new ArgumentException(
                $"{classNames.Count} class names were given, but {model.Name} tells {model.Classes} classes apart: "
                + "give one for each, in the order of their labels.",
                nameof(classNames));
        }

        var info = new TaskInfo(model.Declaration, backboneHash, classNames?.ToImmutableArray())
        {
            Attributes = attributes,
            Pipeline = pipeline,
        };
        TensorToWrite[] tensors =
            [.. TaskParameters(model).Select(p => new TensorToWrite(p.Name, p.Shape, () => FiniteParameters.Read(model, p, read)))];
        ContentHash.Write(path, tensors, TaskMetadata.Write(info));
    }

    /// <summary>Reads a task into a model. Nothing is written to the model before all of the file has been checked.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">
    /// The model; its declaration must be the one that the task was trained with, but that its head may have room for more classes.
    /// </param>
    /// <param name="backboneHash">The hash of its frozen backbone, which must be the one that the task was trained on.</param>
    /// <param name="write">Takes a parameter's elements; the last layer's of classes that the task does not have keep these out.</param>
    /// <exception cref="WeightFileException">The file cannot be read, or belongs to another declaration or backbone.</exception>
    public static TaskInfo Load(string path, ModelDescription model, string backboneHash, Action<ParameterDescription, float[]> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(backboneHash);
        ArgumentNullException.ThrowIfNull(write);
        using var file = SafetensorsFile.Open(path);
        var info = TaskMetadata.Read(file);
        ModelDescription ofTask = model.WithClasses(info.Classes ?? model.Classes);
        CheckOrigin(path, info, model, ofTask, backboneHash);
        List<(ParameterDescription Parameter, float[] Values)> read =
            [.. Match(file, ofTask).Select(match => (match.Parameter, file.ReadFloats(match.Tensor.Name)))];
        if (read.FirstOrDefault(pair => !FiniteNumbers.AreAll(pair.Values)).Parameter is { } broken)
        {
            throw new WeightFileException(
                path, "it has elements that are NaN or infinite",
                "The training that it was saved after had diverged: train the task again.", broken.Name);
        }

        foreach (var (parameter, values) in TaskParameters(model).Zip(read))
            write(parameter, TaskHead.Fill(parameter, values.Values));

        return info;
    }

    /// <summary>What a task file says about itself; needs no model.</summary>
    /// <exception cref="WeightFileException">The file cannot be read, or is no task file.</exception>
    public static TaskInfo Inspect(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return TaskMetadata.Read(file);
    }

    private static IEnumerable<ParameterDescription> TaskParameters(ModelDescription model) =>
        model.Parameters.Where(parameter => parameter.IsOfTask);

    private static void CheckOrigin(
        string path, TaskInfo info, ModelDescription model, ModelDescription ofTask, string backboneHash)
    {
        if (info.Declaration != ofTask.Declaration)
        {
            throw new WeightFileException(
                path,
                "the task was trained with another declaration. "
                + $"The file's: {Quoted.Text(info.Declaration)}; {model.Name}'s: {Quoted.Text(model.Declaration)}",
                "Load it into a model that is declared as the file says.");
        }

        if (ofTask.Classes > model.Classes)
        {
            throw new WeightFileException(
                path,
                $"the task has {ClassText.Count(ofTask.Classes)}, but the head of {model.Name} has room for {model.Classes}",
                $"Declare the head with Classes = {ofTask.Classes}, or more.");
        }

        if (info.BackboneHash != backboneHash)
        {
            throw new WeightFileException(
                path,
                "the task was trained on another backbone. "
                + $"The file's SHA-256: {Quoted.Text(info.BackboneHash)}; the loaded backbone's: {Quoted.Text(backboneHash)}",
                "Load the backbone weights that the task was trained on.");
        }

        if (info.ClassNames is { } names && names.Length != ofTask.Classes)
        {
            throw SafetensorsFile.Broken(path, $"it names {ClassText.Count(names.Length)}, but the task has {ofTask.Classes}");
        }
    }

    private static List<(ParameterDescription Parameter, TensorInfo Tensor)> Match(SafetensorsFile file, ModelDescription model)
    {
        var mismatches = new MismatchList();
        var matched = new List<(ParameterDescription, TensorInfo)>();
        var unused = file.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var parameter in TaskParameters(model))
        {
            unused.Remove(parameter.Name);
            if (mismatches.Check(file, parameter.Name, parameter.Shape) is { } tensor)
            {
                matched.Add((parameter, tensor));
            }
        }

        foreach (var tensor in unused.Values)
        {
            mismatches.AddUnexpected(tensor);
        }

        mismatches.ThrowIfAny(file.Path, () => ChangedOrDamaged);
        return matched;
    }
}
