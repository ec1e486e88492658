using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using VptDsl.Onnx.Format;

namespace VptDsl.Onnx.Graph;

/// <summary>
/// Puts nodes of ONNX's standard operators together. What only moves the elements of a constant is done here and needs no node.
/// </summary>
internal sealed class GraphWriter
{
    /// <summary>The format's numbers of the types of elements.</summary>
    public const int Float = 1, Integer = 7;

    private readonly HashSet<string> _names = [];
    private readonly Dictionary<Tensor, string> _constants = [];
    private readonly Dictionary<Tensor, Tensor> _reshaped = [];
    private readonly Dictionary<(Tensor, string), Tensor> _moved = [];
    private readonly Dictionary<string, Tensor> _integers = [];
    private readonly Dictionary<string, Tensor> _numbers = [];
    private Tensor? _images, _batch;

    /// <summary>Stands for an input that a node does without.</summary>
    public static Tensor Nothing { get; } = new("", []);

    /// <summary>What has been put together; initializers are the small ones that hold no weights.</summary>
    public GraphProto Graph { get; } = new();

    /// <summary>The constants that nodes read, by their names in the file, in the order in which they were first read.</summary>
    public List<(string Name, Tensor Tensor)> Constants { get; } = [];

    /// <summary>Adds the input that says how many images there are.</summary>
    public Tensor AddImages(string name, int channels, int height, int width) =>
        _images = AddInput(name, Tensor.Batch, channels, height, width);

    /// <summary>Adds an input.</summary>
    public Tensor AddInput(string name, params ReadOnlySpan<int> dimensions)
    {
        var input = new Tensor(Unique(name), [.. dimensions]);
        Graph.Input.Add(Describe(input));
        return input;
    }

    /// <summary>Makes a tensor the output of this name.</summary>
    public void AddOutput(string name, Tensor tensor) => Graph.Output.Add(Describe(tensor.Reshaped is { } source
        ? ReshapeNode(source, name, tensor.Dimensions)
        : Node("Identity", name, tensor.Dimensions, [tensor])));

    /// <summary>Adds a node with one result.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="name">The name of node and result; made another where it is taken.</param>
    /// <param name="dimensions">The result's dimensions.</param>
    /// <param name="inputs">What the node reads.</param>
    /// <param name="attributes">Its attributes.</param>
    public Tensor Node(
        string operation, string name, ImmutableArray<int> dimensions, ReadOnlySpan<Tensor> inputs,
        params ReadOnlySpan<AttributeProto> attributes)
    {
        var result = new Tensor(Unique(name), dimensions);
        var node = new NodeProto { Name = result.Name, OpType = operation };
        foreach (Tensor input in inputs)
            node.Input.Add(NameOf(input));
        node.Output.Add(result.Name);
        foreach (AttributeProto attribute in attributes)
            node.Attribute.Add(attribute);
        Graph.Node.Add(node);
        return result;
    }

    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.Kind.Int };

    public static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, F = value, Type = AttributeProto.Types.Kind.Float };

    public static AttributeProto Attribute(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.Kind.String };

    public static AttributeProto Attribute(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.Kind.Ints };
        foreach (long value in values)
            attribute.Ints.Add(value);
        return attribute;
    }

    /// <summary>A number, the same tensor for the same number.</summary>
    public Tensor Number(float value)
    {
        return Numbers(value.ToString("R", CultureInfo.InvariantCulture), [], [value]);
    }

    /// <summary>Numbers of any dimensions, the same tensor for the same name.</summary>
    public Tensor Numbers(string name, ImmutableArray<int> dimensions, ReadOnlySpan<float> values)
    {
        if (!_numbers.TryGetValue(name, out Tensor? tensor))
            _numbers.Add(name, tensor = Small(name, dimensions, Float, MemoryMarshal.AsBytes(values)));
        return tensor;
    }

    /// <summary>A list of whole numbers, the same tensor for the same list.</summary>
    public Tensor Integers(params ReadOnlySpan<int> values) => Integers([values.Length], values);

    /// <summary>Whole numbers of any dimensions.</summary>
    public Tensor Integers(ImmutableArray<int> dimensions, ReadOnlySpan<int> values)
    {
        string list = Text(values);
        string key = $"{list} {Text(dimensions.AsSpan())}";
        if (_integers.TryGetValue(key, out Tensor? tensor))
            return tensor;
        long[] wide = new long[values.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        const int LongestName = 40;
        string name = list.Length <= LongestName ? list : $"{wide.Length} indices";
        tensor = Small(name, dimensions, Integer, MemoryMarshal.AsBytes<long>(wide));
        _integers.Add(key, tensor);
        return tensor;
    }

    /// <summary>The same elements under other dimensions, in their order; a node of the graph once another reads it.</summary>
    public Tensor Reshape(Tensor x, string name, params ReadOnlySpan<int> dimensions)
    {
        if (x.Dimensions.AsSpan().SequenceEqual(dimensions))
            return x;
        ImmutableArray<int> target = [.. dimensions];
        string how = "reshape " + Text(dimensions);
        if (x.Constant is not null)
            return Moved(x, how, () => new Tensor(x.Name, target, x.Constant));
        Tensor source = x.Reshaped is { } first && CanReshape(first, target) ? first : x;
        if (!CanReshape(source, target))
            throw new InvalidOperationException($"{name} has two dimensions that nothing tells apart.");
        return Moved(source, how, () => new Tensor(name, target, reshaped: source));
    }

    /// <summary>The axes in another order.</summary>
    public Tensor Transpose(Tensor x, string name, params ReadOnlySpan<int> axes)
    {
        var dimensions = ImmutableArray.CreateBuilder<int>(axes.Length);
        foreach (int axis in axes)
            dimensions.Add(x[axis]);
        ImmutableArray<int> target = dimensions.ToImmutable();
        int[] order = axes.ToArray();
        return x.Constant is { } read
            ? Moved(x, "transpose " + Text(axes), () => new Tensor(x.Name, target, () => Permutation.Apply(read(), x.Dimensions, order)))
            : Node("Transpose", name, target, [x], Attribute("perm", [.. order.Select(axis => (long)axis)]));
    }

    /// <summary>A part of an axis; with a step of -1 all of it, backwards.</summary>
    public Tensor Slice(Tensor x, string name, int axis, int start, int count)
    {
        if (start == 0 && count == x[axis])
            return x;
        return Node(
            "Slice", name, x.Dimensions.SetItem(axis, count),
            [x, Integers(start), Integers(start + count), Integers(axis)]);
    }

    /// <summary>An axis backwards.</summary>
    public Tensor Reverse(Tensor x, string name, int axis) =>
        Node("Slice", name, x.Dimensions, [x, Integers(-1), Integers(-1 - x[axis]), Integers(axis), Integers(-1)]);

    /// <summary>Tensors behind one another along an axis; those without a batch are repeated for each image where one has it.</summary>
    public Tensor Concat(IReadOnlyList<Tensor> parts, string name, int axis)
    {
        if (parts.Count == 1)
            return parts[0];
        int end = parts.Sum(p => p[axis]);
        return Node("Concat", name, parts[0].Dimensions.SetItem(axis, end), [.. parts], Attribute("axis", axis));
    }

    /// <summary>A tensor of so many axes with a batch: as it is where it has one, and repeated for each image where not.</summary>
    public Tensor ForEachImage(Tensor x, string name, int rank)
    {
        if (x.IsBatched)
            return x;
        ImmutableArray<int> one = [.. Enumerable.Repeat(1, rank - x.Rank), .. x.Dimensions];
        Tensor stretched = Reshape(x, name + "/one", one.AsSpan());
        return Node("Expand", name, one.SetItem(0, Tensor.Batch), [stretched, BatchShape([.. Enumerable.Repeat(1, rank - 1)])]);
    }

    /// <summary>The shape [batch, …] as a tensor.</summary>
    public Tensor BatchShape(params ReadOnlySpan<int> others)
    {
        _batch ??= Node("Shape", "batch", [1], [_images!], Attribute("start", 0L), Attribute("end", 1L));
        string key = $"batch, {Text(others)}";
        if (!_integers.TryGetValue(key, out Tensor? shape))
            _integers.Add(key, shape = Node("Concat", key, [1 + others.Length], [_batch, Integers(others)], Attribute("axis", 0L)));
        return shape;
    }

    /// <summary>An operator of two tensors, element by element, that are stretched where one lacks an axis or has 1 there.</summary>
    public Tensor Elementwise(string operation, string name, Tensor a, Tensor b) =>
        Node(operation, name, Stretched(a.Dimensions, b.Dimensions), [a, b]);

    /// <summary>The products of the matrices in the last two axes.</summary>
    public Tensor MatMul(Tensor a, Tensor b, string name) =>
        Node("MatMul", name, [.. Stretched(a.Dimensions[..^2], b.Dimensions[..^2]), a[^2], b[^1]], [a, b]);

    private static ImmutableArray<int> Stretched(ImmutableArray<int> a, ImmutableArray<int> b)
    {
        int rank = Math.Max(a.Length, b.Length);
        return [.. Enumerable.Range(0, rank).Select(axis => (At(a, axis), At(b, axis)) is (1, var ofB) ? ofB : At(a, axis))];

        int At(ImmutableArray<int> dimensions, int axis)
        {
            int own = axis + dimensions.Length - rank;
            return own < 0 ? 1 : dimensions[own];
        }
    }

    /// <summary>a · b + a row, of matrices alone.</summary>
    /// <param name="a">The left factor.</param>
    /// <param name="b">The right one, or its transpose.</param>
    /// <param name="isTransposed">Whether it is the transpose.</param>
    /// <param name="row">What is added to each row.</param>
    /// <param name="name">The result's name.</param>
    public Tensor Gemm(Tensor a, Tensor b, bool isTransposed, Tensor row, string name) =>
        Node("Gemm", name, [a[0], b[isTransposed ? 0 : 1]], [a, b, row], Attribute("transB", isTransposed ? 1L : 0L));

    /// <summary>The name of a tensor where nodes read it; a constant becomes part of the graph by that.</summary>
    private string NameOf(Tensor tensor)
    {
        if (tensor.Reshaped is { } source)
        {
            if (!_reshaped.TryGetValue(tensor, out Tensor? node))
                _reshaped.Add(tensor, node = ReshapeNode(source, tensor.Name, tensor.Dimensions));
            return node.Name;
        }

        if (tensor.Constant is null)
            return tensor.Name;
        if (!_constants.TryGetValue(tensor, out string? name))
        {
            _constants.Add(tensor, name = Unique(tensor.Name));
            Constants.Add((name, tensor));
        }

        return name;
    }

    /// <summary>
    /// Where the source has no batch in front, the batch is what the other dimensions leave over, which only one can be.
    /// </summary>
    private static bool CanReshape(Tensor source, ImmutableArray<int> target) =>
        target.Count(d => d == Tensor.Open || (d == Tensor.Batch && !source.IsBatched)) <= 1;

    private Tensor ReshapeNode(Tensor source, string name, ImmutableArray<int> dimensions)
    {
        ImmutableArray<int> shape = source.IsBatched ? dimensions : [.. dimensions.Select(d => d == Tensor.Batch ? Tensor.Open : d)];
        return Node("Reshape", name, dimensions, [source, Integers(shape.AsSpan())]);
    }

    private Tensor Moved(Tensor x, string how, Func<Tensor> move)
    {
        if (!_moved.TryGetValue((x, how), out Tensor? moved))
            _moved.Add((x, how), moved = move());
        return moved;
    }

    private Tensor Small(string name, ImmutableArray<int> dimensions, int type, ReadOnlySpan<byte> elements)
    {
        var tensor = new Tensor(Unique(name), dimensions);
        var initializer = new TensorProto { Name = tensor.Name, DataType = type, RawData = ByteString.CopyFrom(elements) };
        foreach (int dimension in dimensions)
            initializer.Dims.Add(dimension);
        Graph.Initializer.Add(initializer);
        return tensor;
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        return unique;
    }

    private static ValueInfoProto Describe(Tensor tensor)
    {
        var shape = new ShapeProto();
        foreach (int dimension in tensor.Dimensions)
        {
            shape.Dim.Add(dimension switch
            {
                Tensor.Batch => new DimensionProto { DimParam = "batch" },
                Tensor.Open => new DimensionProto { DimParam = "classes" },
                _ => new DimensionProto { DimValue = dimension },
            });
        }

        return new()
        {
            Name = tensor.Name,
            Type = new() { TensorType = new() { ElemType = Float, Shape = shape } },
        };
    }

    private static string Text(ReadOnlySpan<int> values)
    {
        string[] texts = new string[values.Length];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = values[i].ToString(CultureInfo.InvariantCulture);
        return $"[{string.Join(", ", texts)}]";
    }
}
