using System.ComponentModel;
using VptDsl.Onnx.Graph;

namespace VptDsl.Onnx;

/// <summary>A value of a graph under construction: a matrix, or one for each image. Generated code hands it from call to call.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class OnnxValue
{
    private readonly Func<Tensor>? _makeRows;
    private Tensor? _rows, _madePlanes;

    /// <summary>A value that is there as rows.</summary>
    internal OnnxValue(Tensor rows) => _rows = rows;

    /// <summary>A value that is there as planes, or not at all.</summary>
    /// <param name="planes">The planes.</param>
    /// <param name="makeRows">Makes rows, where something reads it so.</param>
    internal OnnxValue(Tensor? planes, Func<Tensor> makeRows) => (Planes, _makeRows) = (planes, makeRows);

    /// <summary>As rows and columns: [batch, rows, columns], or without the batch.</summary>
    internal Tensor Rows => _rows ??= _makeRows!();

    /// <summary>As planes of a square map, [batch or 1, columns, height, width]; null where it is there as rows.</summary>
    internal Tensor? Planes { get; }

    /// <summary>As planes, which are made where it is there as rows.</summary>
    internal Tensor AsPlanes(Func<Tensor, Tensor> make) => Planes ?? (_madePlanes ??= make(Rows));

    /// <summary>Its name and dimensions.</summary>
    public override string ToString() => (Planes ?? _rows)?.ToString() ?? "no tensor yet";
}
