using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using VptDsl.Common;
using VptDsl.Weights.Dialects;

namespace VptDsl.Weights;

/// <summary>Collects everything in which a file differs from a model, for one message that says it all.</summary>
internal sealed class MismatchList
{
    /// <summary>How many of each kind are named before the rest is only counted.</summary>
    private const int Shown = 20;

    private readonly List<string> _missing = [];
    private readonly List<string> _unexpected = [];
    private readonly List<string> _misshaped = [];
    private readonly List<string> _mistyped = [];

    /// <summary>Checks one tensor that the model needs against the file.</summary>
    /// <returns>The file's tensor, or null after noting what is wrong with it.</returns>
    public TensorInfo? Check(IWeightSource source, TensorPart part) => Check(source, part.Tensor, part.Shape, part.HeadAxis);

    /// <inheritdoc cref="Check(IWeightSource, TensorPart)"/>
    public TensorInfo? Check(IWeightSource source, string name, ImmutableArray<int> shape, int? headAxis = null)
    {
        if (!source.TryFind(name, out var tensor))
        {
            _missing.Add($"{name} {Quoted.Shape(shape)}");
            return null;
        }

        if (!tensor.Type.IsFloat())
        {
            _mistyped.Add($"{name} is {Quoted.Name(tensor.TypeName)}");
            return null;
        }

        if (!SameShape(tensor.Shape, shape) && !SameShape(MergeHeads(tensor.Shape, headAxis), shape))
        {
            _misshaped.Add($"{name} is {Quoted.Shape(tensor.Shape)} in the file, {Quoted.Shape(shape)} in the model");
            return null;
        }

        return tensor;
    }

    /// <summary>Notes a parameter for which the file's naming has no name.</summary>
    public void AddMissing(string name) => _missing.Add(name);

    /// <summary>Notes a tensor of the file that the model has no place for.</summary>
    public void AddUnexpected(TensorInfo tensor) => _unexpected.Add($"{Quoted.Name(tensor.Name)} {Quoted.Shape(tensor.Shape)}");

    /// <summary>Throws if anything was noted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="remedy">What to do about it.</param>
    /// <exception cref="WeightFileException">The file does not fit.</exception>
    public void ThrowIfAny(string path, Func<string> remedy)
    {
        var message = new StringBuilder();
        Describe(message, "missing", _missing);
        Describe(message, "of another shape", _misshaped);
        Describe(message, "of a type that is not read (16-, 32- and 64-bit floats are)", _mistyped);
        Describe(message, "that the model has no place for", _unexpected);
        if (message.Length > 0)
        {
            string store = _mistyped.Count > 0
                ? "Store what is not read as F32, F16 or BF16, with the scales that such types have multiplied in. "
                : "";
            throw new WeightFileException(path, $"the tensors do not fit the model:{message}", store + remedy());
        }
    }

    // Frameworks differ in whether they keep a batch dimension of 1: cls_token is [1, 1, d] or [d].
    private static bool SameShape(ImmutableArray<long> stored, ImmutableArray<int> wanted) =>
        TensorSize.WithoutPixel(stored, wanted.Length).SkipWhile(dimension => dimension == 1)
            .SequenceEqual(wanted.SkipWhile(dimension => dimension == 1).Select(dimension => (long)dimension));

    private static ImmutableArray<long> MergeHeads(ImmutableArray<long> stored, int? headAxis) =>
        headAxis is { } axis && axis + 1 < stored.Length && TensorSize.Product(stored[axis], stored[axis + 1]) is { } merged
            ? stored.SetItem(axis, merged).RemoveAt(axis + 1)
            : stored;

    private static void Describe(StringBuilder message, string what, List<string> noted)
    {
        // A tensor that several parameters are parts of was noted for each.
        string[] tensors = [.. noted.Distinct(StringComparer.Ordinal)];
        if (tensors.Length == 0)
        {
            return;
        }

        string separator = message.Length > 0 ? ";" : "";
        string first = string.Join(", ", tensors.Take(Shown)), rest = tensors.Length > Shown ? $", and {tensors.Length - Shown} more" : "";
        message.Append(CultureInfo.InvariantCulture, $"{separator} {tensors.Length} {what}: {first}{rest}");
    }
}
