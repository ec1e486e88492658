using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Programs;
using VptDsl.Testing.Declarations;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Autodiff;

/// <summary>A small graph around one operation: trained operands of any shape go in, a loss that feels every element comes out.</summary>
internal sealed class OperationProbe
{
    private const int ImageSize = 8, Batch = 3, Classes = 4;

    private readonly Random _random;
    private readonly List<Parameter> _parameters = [];
    private readonly Value _images;

    public OperationProbe(int seed)
    {
        _random = new(seed);
        _images = Graph.Images(channels: 1, ImageSize);
    }

    public GraphBuilder Graph { get; } = new();

    /// <summary>Whether targets differ from labels.</summary>
    public bool Softened { get; init; }

    /// <summary>An operand without a batch.</summary>
    public Value Shared(int rows, int columns, bool trained = true)
    {
        var parameter = new Parameter(
            $"operand{_parameters.Count}", EquatableArray.Of(rows, columns), ParameterKind.Prompt, new(Distribution.Constant, 0), trained);
        _parameters.Add(parameter);
        return Graph.Read(parameter.AsMatrix(rows));
    }

    /// <summary>An operand with a batch: rows of the images times a matrix, so that each image's gradient counts by itself.</summary>
    public Value Batched(int rows, int columns, bool trained = true)
    {
        if (rows > ImageSize)
            return Graph.ConcatRows([Batched(ImageSize, columns, trained), Batched(rows - ImageSize, columns, trained)], "operand");
        Value part = Graph.Rows(_images, _random.Next(ImageSize - rows + 1), rows, "part");
        return Graph.Multiply(ProductLayout.NT, part, Shared(columns, ImageSize, trained), "operand");
    }

    public Value Operand(bool batched, int rows, int columns) => batched ? Batched(rows, columns) : Shared(rows, columns);

    /// <summary>Checks the gradients of a loss into which every element of the output goes with a weight of its own.</summary>
    public void Check(Value output)
    {
        Value logits = Batched(1, Classes, trained: false);
        for (int row = 0; row < output.Shape.Rows; row++)
        {
            Value weighted = Graph.Multiply(
                ProductLayout.NT, Graph.Rows(output, row, 1, "row"), Shared(Classes, output.Shape.Columns, trained: false), "weighted");
            logits = Graph.Add(logits, weighted, "logits");
        }

        CheckLogits(logits);
    }

    public void CheckLogits(Value logits)
    {
        Value losses = Graph.CrossEntropy(logits, Graph.Labels());
        DataflowGraph graph = Graph.Build([new(ResultRole.Logits, logits), new(ResultRole.Losses, losses)]);
        var inputs = new GraphInputs(
            Batch,
            _parameters.ToDictionary(p => p.Name, p => RandomInputs.Uniform(_random, p.Count, 1)),
            RandomInputs.Uniform(_random, Batch * ImageSize * ImageSize, 1),
            Enumerable.Range(0, Batch).Select(_ => _random.Next(logits.Shape.Columns)).ToArray())
        {
            ImageWeights = [0.5, 2, 1.25],
            Softening = Softened ? [1, 0.25, 0.1, Classes, 0, 0, 0, 0, 3, 0.5, 0.2, 3] : [],
        };
        GradientCheck.Run(graph, _parameters.Where(p => p.Trained), inputs, directions: 3);
    }
}
