using VptDsl.Compiler.Graph.Operations;

namespace VptDsl.Compiler.Graph;

/// <summary>Appends nodes to a graph under construction, with their shapes inferred and checked.</summary>
internal sealed class GraphBuilder
{
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<ParameterSlice, Value> _parameters = [];
    private readonly List<Result> _measured = [];
    private int _nextId;
    private int _noisyPlaces;

    /// <summary>The part of the model that nodes are added to.</summary>
    public Scope Scope { get; set; } = new("model", -1, Backward: false);

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>The program so far, with these results and the statistics that were measured.</summary>
    public DataflowGraph Build(IReadOnlyList<Result> results) => new(_nodes, [.. results, .. _measured]);

    /// <summary>Adds a node and gives it all outputs for which <paramref name="names"/> has a name.</summary>
    public Node Add(Operation operation, IReadOnlyList<Value> inputs, params string?[] names)
    {
        Shape[] shapes = operation.InferShapes(inputs.Select(i => i.Shape).ToArray());
        if (names.Length != shapes.Length)
            throw new GraphException($"{operation} has {shapes.Length} outputs, not {names.Length}.");
        var node = new Node(operation, inputs, Scope);
        var outputs = new Value?[shapes.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            if (names[i] is { } name)
                outputs[i] = new Value(node, i, _nextId++, name, shapes[i]);
        }

        node.SetOutputs(outputs);
        _nodes.Add(node);
        return node;
    }

    /// <summary>A parameter that is one row: a bias, or a scale.</summary>
    public Value ReadRow(Parameter parameter) => Read(parameter.AsMatrix(1));

    /// <summary>A parameter, or consecutive elements of it; read once however often it is asked for.</summary>
    public Value Read(ParameterSlice slice)
    {
        if (!_parameters.TryGetValue(slice, out Value? value))
        {
            value = Add(new ReadParameter(slice), [], slice.ToString()).Outputs[0]!;
            _parameters.Add(slice, value);
        }

        return value;
    }

    public Value Images(int channels, PlaneSize size) => One(new ReadImages(channels, size), [], "images");

    public Value Labels(int count = 1) => One(new ReadLabels(count), [], "labels");

    public Value Patches(Value images, int channels, PlaneSize size, PlaneSize patch, string name) =>
        One(new ExtractPatches(channels, size, patch), [images], name);

    /// <summary>Images with a border of learned pixels.</summary>
    public Value PadImages(Value images, Value topBottom, Value leftRight, int channels, PlaneSize size, int pixels, string name) =>
        One(new PadImages(channels, size, pixels), [images, topBottom, leftRight], name);

    /// <summary>x · weightᵀ + bias, or without a bias where there is none.</summary>
    public Value Linear(Value x, Value weight, Value? bias, string name) => bias is null
        ? Multiply(ProductLayout.NT, x, weight, name)
        : Add(new Product(ProductLayout.NT, Epilogue.WithBias), [x, weight, bias], name, null).Outputs[0]!;

    public Value Multiply(ProductLayout layout, Value a, Value b, string name) =>
        Add(new Product(layout, Epilogue.None), [a, b], name, null).Outputs[0]!;

    public Value Add(Value a, Value b, string name) => One(new Add(), [a, b], name);

    /// <summary>a ⊙ b, element by element.</summary>
    public Value Multiply(Value a, Value b, string name) => One(new Multiply(), [a, b], name);

    /// <summary>x with one row added to each of its rows.</summary>
    public Value AddRow(Value x, Value row, string name) => One(new AddRow(), [x, row], name);

    public Value LayerNorm(Value x, Value gamma, Value beta, double epsilon, string name) =>
        Add(new LayerNorm(epsilon), [x, gamma, beta], name, name + "Statistics").Outputs[0]!;

    /// <summary>
    /// Batch normalisation of each column, over the rows of all images in training and by the running statistics in inference. The
    /// parameters are rows of x's columns; running mean and variance must be <see cref="Parameter.Measured"/>.
    /// </summary>
    public Value BatchNorm(
        Value x, Parameter gamma, Parameter beta, Parameter mean, Parameter variance, double epsilon, double momentum, string name)
    {
        Node node = Add(
            new BatchNorm(epsilon, momentum),
            [x, ReadRow(gamma), ReadRow(beta), ReadRow(mean), ReadRow(variance)],
            name,
            name + "Statistics",
            mean.Name + "Next",
            variance.Name + "Next");
        _measured.Add(new(ResultRole.Statistic, node.Outputs[2]!) { Parameter = mean.AsMatrix(1) });
        _measured.Add(new(ResultRole.Statistic, node.Outputs[3]!) { Parameter = variance.AsMatrix(1) });
        return node.Outputs[0]!;
    }

    /// <summary>Normalisation of each column by a given mean and variance, with scale and shift.</summary>
    public Value NormalizeBy(Value x, Value gamma, Value beta, Value mean, Value variance, double epsilon, string name)
    {
        Value scale = One(new DivideByDeviation(epsilon), [gamma, variance], name + "Scale");
        Value shift = One(new FoldedBias(epsilon), [gamma, beta, mean, variance], name + "Shift");
        return AddRow(One(new ScaleColumns(Residual: false), [x, scale], name + "Scaled"), shift, name);
    }

    /// <summary>
    /// x with a share of its elements dropped by chance, by each image's own: x itself in inference, or where the share is 0.
    /// </summary>
    public Value Dropout(Value x, double rate, string name) =>
        rate == 0 ? x : One(new Dropout(rate), [x, One(new ReadNoise(_noisyPlaces++), [], "noise")], name);

    public Value Activate(ActivationKind kind, Value x, string name) => One(new Activate(kind), [x], name);

    /// <summary>σ(gate) · a + (1 − σ(gate)) · b.</summary>
    public Value Blend(Value gate, Value a, Value b, string name) => One(new Blend(), [gate, a, b], name);

    /// <summary>Scaled-dot-product attention of one query segment over any number of key/value segments.</summary>
    /// <param name="heads">Heads, side by side in the columns.</param>
    /// <param name="query">The queries.</param>
    /// <param name="segments">What they attend to.</param>
    /// <param name="name">The result's name.</param>
    /// <param name="bias">
    /// Added to the scaled scores of the first segment's keys: a row for each query, heads side by side, a column for each key.
    /// </param>
    public Value Attention(
        int heads, Value query, IReadOnlyList<(Value Key, Value Value)> segments, string name, Value? bias = null) =>
        Add(
            new Attention(heads, segments.Count, bias is not null),
            [query, .. segments.SelectMany(s => new[] { s.Key, s.Value }), .. bias is null ? [] : new[] { bias }],
            name,
            name + "LogSum").Outputs[0]!;

    public Value Rows(Value x, int start, int count, string name) =>
        start == 0 && count == x.Shape.Rows ? x : One(new SliceRows(start, count), [x], name);

    public Value PadRows(Value x, int start, int total, string name) => One(new PadRows(start, total), [x], name);

    public Value ConcatRows(IReadOnlyList<Value> parts, string name) =>
        parts.Count == 1 ? parts[0] : One(new ConcatRows(parts.Count), parts, name);

    public Value ConcatColumns(IReadOnlyList<Value> parts, string name) =>
        parts.Count == 1 ? parts[0] : One(new ConcatColumns(parts.Count), parts, name);

    public Value SumImages(Value x) => One(new SumImages(), [x], x.Name + "Sum");

    public Value SumRows(Value x, string name) => One(new SumRows(), [x], name);

    /// <summary>The mean of the rows of each image: global average pooling.</summary>
    public Value MeanRows(Value x, string name) => One(new MeanOfGroups(x.Shape.Rows), [x], name);

    public Value CrossEntropy(Value logits, Value labels)
    {
        Value weights = One(new ReadImageWeights(), [], "imageWeights"), softening = One(new ReadSoftening(), [], "softening");
        return One(new CrossEntropy(), [logits, labels, weights, softening], "losses");
    }

    public Value BinaryCrossEntropy(Value logits) =>
        One(new BinaryCrossEntropy(), [logits, Labels(logits.Shape.Columns), One(new ReadImageWeights(), [], "imageWeights")], "losses");

    public Value One(Operation operation, IReadOnlyList<Value> inputs, string name) => Add(operation, inputs, name).Outputs[0]!;
}
