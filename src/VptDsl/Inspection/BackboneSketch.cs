using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Inspection;

/// <summary>The sizes of a backbone, as the names and shapes of a checkpoint's tensors tell them.</summary>
public abstract record BackboneSketch
{
    /// <summary>As <see cref="Guessed"/>, where no tensor's shape depends on the image.</summary>
    private protected const string ImageSize = "the image's size";

    /// <summary>Wider layers are no backbone's, and their products would not be numbers.</summary>
    private protected const int MostWidth = 1 << 16;

    /// <summary>The attribute that declares it.</summary>
    public abstract string Attribute { get; }

    /// <summary>
    /// What the file does not say, so that the attribute has what is usual, for instance <c>the image's size</c>; null if it says
    /// everything.
    /// </summary>
    public abstract string? Guessed { get; }

    /// <summary>The attention heads that the tensors' shapes tell; null where they do not, or where stages have different ones.</summary>
    internal virtual int? HeadsInTensors => null;

    /// <summary>Why no backbone has these sizes, though each may be right; null if nothing speaks against it.</summary>
    internal virtual string? Problem => null;

    /// <summary>
    /// What declarations of its kind have beside sizes. Heads are what the sketch tells, so that nothing contradicts them.
    /// </summary>
    internal virtual BackboneTraits Traits => new([], Epsilon: 1e-6, Activation: "gelu");

    /// <summary>The same with what only others than the tensors say.</summary>
    internal virtual BackboneSketch Completed(CheckpointFacts facts) => this;

    /// <summary>The attribute that declares it.</summary>
    public sealed override string ToString() => Attribute;

    /// <summary>Parameters of a model of these sizes, as the generator names them.</summary>
    internal ParameterDescription[] Parameters() =>
        [
            .. Shapes().Select(p => Described(
                new(p.Name, [.. p.Shape], ParameterKind.Backbone, Trained: false, Offset: 0, Initializer: default))),
        ];

    /// <summary>Parameters that only some of its kind have.</summary>
    internal virtual IEnumerable<ParameterDescription> Optional() => [];

    /// <summary>A parameter with what is known of it beside its shape.</summary>
    internal virtual ParameterDescription Described(ParameterDescription parameter) => parameter;

    /// <summary>Their names and shapes.</summary>
    internal abstract IEnumerable<(string Name, int[] Shape)> Shapes();

    /// <summary>An attribute with the arguments that are not empty.</summary>
    private protected static string Declare(string name, params IEnumerable<string> arguments) =>
        $"[{name}({string.Join(", ", arguments.Where(a => a.Length > 0))})]";

    /// <summary>The usual size that it has; null for none.</summary>
    private protected static TSize? Preset<TSize>(Func<TSize, bool> isOf)
        where TSize : struct, Enum => Enum.GetValues<TSize>().Where(isOf).Cast<TSize?>().FirstOrDefault();

    /// <summary>An argument, left out where it has the usual value.</summary>
    private protected static string Argument(string name, int value, int usual) => value == usual ? "" : $"{name} = {value}";

    /// <summary>An argument that lists numbers.</summary>
    private protected static string Argument(string name, IEnumerable<int> values) => $"{name} = \"{List(values)}\"";

    /// <summary>Numbers as attributes have them.</summary>
    private protected static string List(IEnumerable<int> values) => string.Join(',', values);

    /// <summary>A layer's weight and bias.</summary>
    private protected static IEnumerable<(string Name, int[] Shape)> Affine(string name, params int[] weight) =>
        [($"{name}.weight", weight), ($"{name}.bias", [weight[0]])];
}
