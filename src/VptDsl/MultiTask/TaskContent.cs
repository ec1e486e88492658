using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Weights;

namespace VptDsl.MultiTask;

/// <summary>What a task file holds, checked, before it goes to the device: that takes longer than to copy it there.</summary>
/// <param name="Info">What the file says about itself.</param>
/// <param name="Parameters">The parameters with their elements.</param>
/// <param name="Hash">What tells them from those of another file.</param>
internal sealed record TaskContent(TaskInfo Info, IReadOnlyList<(ParameterDescription Parameter, float[] Values)> Parameters, string Hash)
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model that it must be for, but for how many classes an image can have: one or several.</param>
    /// <param name="backboneHash">The hash of its backbone.</param>
    /// <exception cref="WeightFileException">The file cannot be read, or belongs to another declaration or backbone.</exception>
    public static TaskContent Read(string path, ModelDescription model, string backboneHash)
    {
        var parameters = new List<(ParameterDescription, float[])>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Of the two kinds of heads the parameters, and what is computed before the loss, are the same.
        ModelDescription ofKind = model.WithSeveralLabels(TaskFile.Inspect(path).IsMultiLabel);
        TaskInfo info = TaskFile.Load(path, ofKind, backboneHash, (parameter, values) =>
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(values));
            parameters.Add((parameter, values));
        });
        return new TaskContent(info, parameters, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
