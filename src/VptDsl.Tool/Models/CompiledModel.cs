using System.Reflection;
using VptDsl.Programs;

namespace VptDsl.Tool.Models;

/// <summary>A declaration that has been compiled.</summary>
internal sealed class CompiledModel
{
    private readonly Type _type;

    private CompiledModel(ModelDeclaration declaration, Type type) => (Declaration, _type) = (declaration, type);

    /// <summary>What it was compiled of.</summary>
    public ModelDeclaration Declaration { get; }

    /// <summary>The most classes that a task may have.</summary>
    public int Classes => Constant<int>(nameof(Classes));

    /// <summary>Parameters that training changes, with as many classes.</summary>
    public long TrainableParameters => Constant<long>(nameof(TrainableParameters));

    /// <summary>What the compiler removed from a step.</summary>
    public string Explanation => Constant<string>(nameof(Explanation));

    /// <summary>What a model says of itself, without one that is loaded.</summary>
    public ModelDescription Description => (ModelDescription)_type.Assembly.GetTypes().Single(type => type.Name == nameof(Description))
        .GetMethod("Create")!.Invoke(null, null)!;

    /// <summary>Compiles a declaration for a device, or takes it from the cache.</summary>
    /// <exception cref="ArgumentException">The generator refuses it.</exception>
    public static CompiledModel Of(ModelDeclaration declaration, Device device) =>
        Of(declaration, DeviceOption.HasKernels(device) ? ModelParts.GpuKernels : ModelParts.None);

    /// <summary>Compiles a declaration, or takes it from the cache.</summary>
    /// <exception cref="ArgumentException">The generator refuses it.</exception>
    public static CompiledModel Of(ModelDeclaration declaration, ModelParts parts = ModelParts.None)
    {
        Type type = ModelCompilation.Compile(declaration, parts);
        return type.IsSubclassOf(typeof(Tuner))
            ? new(declaration, type)
            : throw new ArgumentException(
                $"{declaration} tells the class of every pixel, which the command line does not: "
                    + "declare it in a project (docs/segmentation.md).");
    }

    /// <summary>Loads its backbone.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="backbone">The checkpoint.</param>
    /// <param name="entry">The entry of the checkpoint; null to have it found.</param>
    /// <param name="seed">Draws everything else.</param>
    public Tuner Load(Device device, string backbone, string? entry, int seed) => (Tuner)Call("Load", device, backbone, entry, seed);

    /// <summary>Working memory of a training step for a batch, in bytes.</summary>
    public long StepBytes(int batch) => (long)Call(nameof(StepBytes), batch);

    private T Constant<T>(string name) => (T)Convert.ChangeType(
        _type.GetField(name)?.GetRawConstantValue() ?? _type.GetProperty(name)!.GetValue(null)!, typeof(T),
        System.Globalization.CultureInfo.InvariantCulture);

    private object Call(string name, params object?[] arguments)
    {
        MethodInfo method = _type.GetMethods().Single(m => m.Name == name && m.IsStatic && m.GetParameters().Length == arguments.Length);
        return method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }
}
