using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using VptDsl.Onnx.Graph;
using VptDsl.Programs;

namespace VptDsl.Onnx;

/// <summary>
/// A model's inference as ONNX operators. Generated code derives from it and calls a method for each operation; the methods have the
/// arguments of the CPU's routines, with names where those have memory for results.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract partial class OnnxProgram
{
    private readonly Dictionary<(string Name, long Offset), OnnxValue> _parameters = [];
    private readonly Dictionary<long, OnnxValue> _folded = [];
    private readonly Dictionary<string, Tensor> _inputs = [];
    private ModelProgram _program = null!;
    private ModelDescription _ofTask = null!;
    private GraphWriter _graph = null!;
    private bool _hasTaskInputs;

    /// <summary>The model's name.</summary>
    public override string ToString() => $"{_program?.Model.Name ?? GetType().Name} as an ONNX graph";

    /// <summary>Puts the graph together; nothing else may use the program meanwhile.</summary>
    /// <param name="program">Has the parameters.</param>
    /// <param name="hasTaskInputs">Whether what belongs to a task are inputs.</param>
    internal GraphWriter Build(ModelProgram program, bool hasTaskInputs)
    {
        ModelDescription model = program.Model;
        (_program, _hasTaskInputs, _graph) = (program, hasTaskInputs, new GraphWriter());
        _ofTask = model.WithClasses(program.TaskClasses);
        (int channels, int height, int width) = (model.Channels, model.ImageSize.Height, model.ImageSize.Width);
        Tensor images = _graph.AddImages("images", channels, height, width);
        program.PrepareInference();
        if (hasTaskInputs)
        {
            foreach (ParameterDescription parameter in model.Parameters.Where(p => p.IsLearned))
                _inputs.Add(parameter.Name, _graph.AddInput(parameter.Name, [.. InputShape(parameter)]));
            ComputeTask();
        }
        else
        {
            ReadTask();
        }

        Tensor pixels = _graph.Reshape(images, "images/rows", Tensor.Batch, channels * height, width);
        Tensor logits = ComputeLogits(new OnnxValue(pixels)).Rows;
        bool ofPixels = model.IsOfPixels;
        _graph.AddOutput("logits", ofPixels
            ? _graph.Reshape(logits, "logits/pixels", Tensor.Batch, height, width, logits[^1])
            : _graph.Reshape(logits, "logits/rows", Tensor.Batch, logits[^1]));
        return _graph;
    }

    /// <summary>Takes what depends on the task alone from where inference has prepared it.</summary>
    protected abstract void ReadTask();

    /// <summary>Computes what depends on the task alone, in the graph.</summary>
    protected abstract void ComputeTask();

    /// <summary>Computes the logits of images.</summary>
    protected abstract OnnxValue ComputeLogits(OnnxValue images);

    /// <summary>Consecutive elements of a parameter, as a matrix.</summary>
    protected OnnxValue Parameter(string name, long offset, int rows, int columns)
    {
        if (_parameters.TryGetValue((name, offset), out OnnxValue? known)
            && known.Rows.Dimensions.SequenceEqual(Shape(Own(name), rows, columns)))
        {
            return known;
        }

        ParameterDescription parameter = _program.Model.Parameters.Single(p => p.Name == name);
        Tensor tensor = _inputs.TryGetValue(name, out Tensor? input)
            ? PartOfInput(input, parameter, offset, rows, columns)
            : Constant(parameter, offset, Shape(Own(name), rows, columns));
        return _parameters[(name, offset)] = new OnnxValue(tensor);
    }

    /// <summary>A matrix that was computed once from frozen parameters.</summary>
    protected OnnxValue Folded(string name, long offset, int rows, int columns)
    {
        if (!_folded.TryGetValue(offset, out OnnxValue? value) || !value.Rows.Dimensions.SequenceEqual([rows, columns]))
        {
            var slot = new Slot(Region.Folded, offset);
            _folded[offset] = value = new OnnxValue(new Tensor(name, [rows, columns], () => _program.Read(slot, (long)rows * columns)));
        }

        return value;
    }

    /// <summary>A matrix that inference has prepared, read now: the next batch may move it.</summary>
    protected OnnxValue Prepared(string name, Slot place, int rows, int columns, long rowStride)
    {
        float[] all = _program.Read(place, ((rows - 1) * rowStride) + columns), matrix = new float[rows * columns];
        for (int row = 0; row < rows; row++)
            all.AsSpan((int)(row * rowStride), columns).CopyTo(matrix.AsSpan(row * columns));
        return new OnnxValue(new Tensor(name, [rows, columns], () => matrix));
    }

    private ParameterDescription Own(string name) => _ofTask.Parameters.Single(p => p.Name == name);

    /// <summary>The dimensions of an input, of which that of classes is open.</summary>
    private ImmutableArray<int> InputShape(ParameterDescription parameter) =>
        TaskHead.HasClasses(parameter) ? parameter.Shape.SetItem(0, Tensor.Open) : parameter.Shape;

    /// <summary>The shape of a matrix, with the task's classes where it has as many rows or columns as the head has room for.</summary>
    private ImmutableArray<int> Shape(ParameterDescription own, int rows, int columns)
    {
        if (!TaskHead.HasClasses(own))
            return [rows, columns];
        int classes = _hasTaskInputs && own.IsLearned ? Tensor.Open : _program.TaskClasses;
        return rows == 1 ? [1, classes] : [classes, columns];
    }

    private Tensor Constant(ParameterDescription parameter, long offset, ImmutableArray<int> shape)
    {
        long count = (long)shape[0] * shape[1];
        string name = count == Own(parameter.Name).Count
            ? parameter.Name
            : string.Create(CultureInfo.InvariantCulture, $"{parameter.Name}[{offset}..{offset + count}]");
        return new Tensor(name, shape, () => _program.Read(parameter, offset, count));
    }

    private Tensor PartOfInput(Tensor input, ParameterDescription parameter, long offset, int rows, int columns)
    {
        ImmutableArray<int> shape = Shape(parameter, rows, columns);
        long count = (long)rows * columns;
        if (count == parameter.Count)
            return _graph.Reshape(input, input.Name + "/matrix", shape.AsSpan());
        string name = string.Create(CultureInfo.InvariantCulture, $"{input.Name}[{offset}..{offset + count}]");
        Tensor flat = _graph.Reshape(input, input.Name + "/flat", (int)parameter.Count);
        return _graph.Reshape(_graph.Slice(flat, name, 0, (int)offset, (int)count), name + "/matrix", shape.AsSpan());
    }
}
