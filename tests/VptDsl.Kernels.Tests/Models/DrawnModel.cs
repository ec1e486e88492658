using System.Collections.Concurrent;
using System.Reflection;
using VptDsl.Compiler;
using VptDsl.Compiler.Autodiff;
using VptDsl.Compiler.Backbones;
using VptDsl.Compiler.Emit;
using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Spec;
using VptDsl.Kernels.Tests.Harness;
using VptDsl.Programs;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Kernels.Tests.Models;

/// <summary>A drawn declaration compiled as in a user's build, with parameters and a batch drawn for it.</summary>
internal sealed class DrawnModel
{
    private static readonly ConcurrentDictionary<Key, DrawnModel> Models = [];

    private readonly GraphInputs _inputs;
    private readonly Lazy<IReadOnlyDictionary<string, double[]>> _gradients;

    private DrawnModel(Key key)
    {
        ModelSpec spec = RandomDeclarations.Draw(key.Seed) with { Precision = key.Precision, FrozenWeights = key.FrozenWeights };
        GraphInputs drawn = RandomInputs.Draw(spec, key.Seed);
        // A program takes the mean of the classes that an image can have, each by itself.
        double[] weights = spec.Head.IsMultiLabel ? [.. Enumerable.Repeat(1.0 / spec.Head.Classes, drawn.Batch)] : [];
        _inputs = Rounded(drawn with { ImageWeights = weights });
        _gradients =
            new(() => GraphInterpreter.Evaluate(ReverseMode.Differentiate(ClassifierGraph.Build(spec).Graph), _inputs).Gradients());
        Assembly emitted = EmittedAssembly.Compile(ModelCompiler.Compile(spec, key.Kernels).Alone.Select(f => f.Text));
        Type = emitted.GetType(spec.Type.FullName, throwOnError: true)!;
        Kernels = emitted.GetType(KernelsEmitter.TypeName, throwOnError: true)!;
    }

    /// <summary>Parameters and a batch as devices are given them.</summary>
    public GraphInputs Inputs => _inputs;

    public Type Type { get; }

    /// <summary>The class of its kernels.</summary>
    public Type Kernels { get; }

    public int Batch => _inputs.Batch;

    public float[] Images => Array.ConvertAll(_inputs.Images, v => (float)v);

    public int[] Labels => _inputs.Labels;

    /// <summary>The gradients of the first step as they are defined, in double precision, by the names of parameters.</summary>
    public IReadOnlyDictionary<string, double[]> Gradients => _gradients.Value;

    /// <summary>Each is compiled once, so that a device also compiles its kernels once.</summary>
    public static DrawnModel Of(
        int seed, TestDevice device, Precision? precision = null, WeightStorage frozenWeights = WeightStorage.Float32)
    {
        KernelOptions kernels = device == TestDevice.Simulator ? KernelOptions.Tiny : KernelOptions.Default;
        return Models.GetOrAdd(new(seed, kernels, precision, frozenWeights), key => new(key));
    }

    /// <summary>Puts the model on a device, with its parameters set.</summary>
    /// <param name="device">The device.</param>
    /// <param name="rounded">Parameters that get numbers of bfloat16.</param>
    public Tuner Create(Device device, IReadOnlySet<string>? rounded = null)
    {
        MethodInfo create = Type.GetMethod("Create", [typeof(Device), typeof(int)])!;
        var tuner = (Tuner)create.Invoke(null, [device, 0])!;
        foreach (ParameterDescription parameter in tuner.Model.Parameters)
        {
            Precision precision = rounded?.Contains(parameter.Name) == true ? Precision.BFloat16 : Precision.Float32;
            tuner.Compiled.Write(
                parameter, Array.ConvertAll(_inputs.Parameters[parameter.Name], v => (float)Rounding.Round(precision, v)));
        }

        return tuner;
    }

    /// <summary>The numbers that a device is given, and its noise before any is drawn.</summary>
    private static GraphInputs Rounded(GraphInputs inputs) => inputs with
    {
        Noise = new double[inputs.Noise.Length],
        Images = Rounded(inputs.Images),
        Parameters = inputs.Parameters.ToDictionary(p => p.Key, p => Rounded(p.Value)),
    };

    private static double[] Rounded(double[] values) => Array.ConvertAll(values, v => (double)(float)v);

    /// <summary>What decides what is compiled.</summary>
    private sealed record Key(int Seed, KernelOptions Kernels, Precision? Precision, WeightStorage FrozenWeights);
}
