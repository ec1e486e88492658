using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Compiler.Planning;
using VptDsl.Programs;
using VptDsl.Testing.Interpretation;

namespace VptDsl.Compiler.Tests.Planning;

/// <summary>
/// Runs planned steps in double precision, on the memory that the plan gives them: one arena and the other regions. Each operation is
/// the interpreter's; where operands lie is all that is added.
/// </summary>
internal sealed class PlanMachine
{
    private readonly Dictionary<Region, double[]> _memory = [];
    private GraphInputs _inputs;

    /// <param name="parameters">Where the parameters lie.</param>
    /// <param name="inputs">The parameters' elements, and the first batch.</param>
    /// <param name="arenaFloats">The size of the arena.</param>
    /// <param name="featureFloats">The size of the features' region.</param>
    public PlanMachine(ParameterPlan parameters, GraphInputs inputs, long arenaFloats, long featureFloats)
    {
        // What nobody has written is no number, so that reading it shows in every result.
        _memory[Region.Arena] = Unwritten(arenaFloats);
        _memory[Region.Features] = Unwritten(featureFloats);
        _memory[Region.Gradients] = Unwritten(parameters.TrainedFloats);
        _memory[Region.Weights] = Unwritten(parameters.FrozenFloats);
        _memory[Region.Trained] = Unwritten(parameters.TrainedFloats);
        _memory[Region.Statistics] = Unwritten(parameters.MeasuredFloats);
        _memory[Region.Folded] = Unwritten(parameters.FoldedFloats);
        foreach (Parameter parameter in parameters.Parameters)
        {
            double[] region = _memory[ParameterPlan.RegionOf(parameter)];
            inputs.Parameters[parameter.Name].CopyTo(region, parameters.OffsetOf(parameter));
        }

        _inputs = inputs;
        SetBatch(inputs);
    }

    /// <summary>Called before each step with its operation and, for each input, the operand and what it holds.</summary>
    public Action<Step, Operand, BatchMatrix>? Reading { get; init; }

    /// <summary>The size of the embeddings' region.</summary>
    public long EmbeddingFloats
    {
        init => _memory[Region.Embeddings] = Unwritten(value);
    }

    /// <summary>A machine with the largest arena that any of a model's programs needs, and constants folded.</summary>
    public static PlanMachine Start(CompiledModel model, GraphInputs inputs)
    {
        var machine = new PlanMachine(
            model.Parameters,
            inputs,
            model.Programs.Max(p => p.SharedFloats + (inputs.Batch * p.FloatsPerImage)),
            inputs.Batch * (model.Features?.Count ?? 0))
        {
            EmbeddingFloats = inputs.Batch * model.EmbeddingFloats,
        };
        machine.Run(model.Folding?.Steps ?? []);
        return machine;
    }

    /// <summary>Puts other images in; everything else stays.</summary>
    public void SetBatch(GraphInputs inputs)
    {
        _inputs = inputs;
        _memory[Region.Inputs] = inputs.Images;
        _memory[Region.Noise] = inputs.Noise;
        _memory[Region.Labels] = Array.ConvertAll(inputs.Labels, label => (double)label);
        _memory[Region.ImageWeights] = inputs.ImageWeights.Length > 0 ? inputs.ImageWeights : [.. inputs.Labels.Select(_ => 1.0)];
        _memory[Region.Softening] = inputs.Softening.Length > 0 ? inputs.Softening : new double[inputs.Batch * ReadSoftening.Columns];
        if (inputs.Features.Length > 0)
            _memory[Region.Features] = inputs.Features;
    }

    /// <summary>Runs steps.</summary>
    public void Run(IEnumerable<Step> steps)
    {
        foreach (Step step in steps)
            Run(step);
    }

    /// <summary>Takes a step of plain gradient descent over everything that lies where trained parameters lie.</summary>
    public void Descend(double rate)
    {
        double[] trained = _memory[Region.Trained], gradients = _memory[Region.Gradients];
        for (int i = 0; i < trained.Length; i++)
            trained[i] -= rate * gradients[i];
    }

    /// <summary>The elements of a dense matrix, or one for each image, at a place.</summary>
    public double[] Read(Address address, Shape shape)
    {
        long count = shape.Count * (shape.Batched ? _inputs.Batch : 1);
        return _memory[address.Region].AsSpan((int)OffsetOf(address), (int)count).ToArray();
    }

    private void Run(Step step)
    {
        Call call = step.Call;
        var inputs = new BatchMatrix[call.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Load(step.Operands[i].Address, call.Inputs[i]);
            Reading?.Invoke(step, step.Operands[i], inputs[i]);
        }

        IReadOnlyList<BatchMatrix> outputs = GraphInterpreter.Apply(call.Operation, inputs, _inputs);
        int operand = inputs.Length;
        for (int i = 0; i < outputs.Count; i++)
        {
            if (call.Outputs[i].Layout is { } layout)
                Store(outputs[i], step.Operands[operand++].Address, layout);
        }
    }

    private BatchMatrix Load(Address address, Layout layout)
    {
        var matrix = new BatchMatrix(layout.Shape, _inputs.Batch);
        double[] memory = _memory[address.Region];
        long origin = OffsetOf(address);
        matrix.Fill((image, row, column) => memory[origin + (image * layout.ImageStride) + (row * layout.RowStride) + column]);
        return matrix;
    }

    /// <summary>A matrix without a batch goes to every image of a place with one.</summary>
    private void Store(BatchMatrix matrix, Address address, Layout layout)
    {
        double[] memory = _memory[address.Region];
        long origin = OffsetOf(address);
        for (int image = 0; image < (layout.Batched ? _inputs.Batch : 1); image++)
        {
            for (int row = 0; row < layout.Rows; row++)
            {
                for (int column = 0; column < layout.Columns; column++)
                    memory[origin + (image * layout.ImageStride) + (row * layout.RowStride) + column] = matrix[image, row, column];
            }
        }
    }

    private long OffsetOf(Address address) => address.Fixed + (_inputs.Batch * address.PerImage);

    private static double[] Unwritten(long count)
    {
        double[] memory = new double[count];
        Array.Fill(memory, double.NaN);
        return memory;
    }
}
