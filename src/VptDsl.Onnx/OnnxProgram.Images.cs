using VptDsl.Onnx.Graph;

namespace VptDsl.Onnx;

/// <content>What moves rows, columns and pixels, and means of rows.</content>
public abstract partial class OnnxProgram
{
    /// <summary>Matrices one below the other; those without a batch are repeated for each image.</summary>
    protected OnnxValue ConcatRows(ReadOnlySpan<OnnxValue> parts, string rows) => new(BelowEachOther(parts.ToArray(), rows));

    /// <summary>Matrices side by side.</summary>
    protected OnnxValue ConcatColumns(ReadOnlySpan<OnnxValue> parts, string columns)
    {
        var tensors = new List<Tensor>();
        foreach (OnnxValue part in parts)
            tensors.Add(part.Rows);
        return new(_graph.Concat(tensors, columns, tensors[0].Rank - 1));
    }

    /// <summary>Consecutive rows.</summary>
    protected OnnxValue SliceRows(OnnxValue x, string rows, int start, int count) =>
        new(_graph.Slice(x.Rows, rows, x.Rows.Rank - 2, start, count));

    /// <summary>Consecutive columns.</summary>
    protected OnnxValue SliceColumns(OnnxValue x, string columns, int start, int count) =>
        new(_graph.Slice(x.Rows, columns, x.Rows.Rank - 1, start, count));

    /// <summary>Rows among zeros.</summary>
    protected OnnxValue PadRows(OnnxValue x, string padded, int start, int total) => new(Padded(x.Rows, padded, start, total));

    /// <summary>x with the rows of part added from a row on.</summary>
    protected OnnxValue AddRows(OnnxValue x, OnnxValue part, string sum, int start) =>
        new(_graph.Elementwise("Add", sum, x.Rows, Padded(part.Rows, sum + "/part", start, x.Rows[^2])));

    /// <summary>The patches of each image, one a row.</summary>
    protected OnnxValue ExtractPatches(OnnxValue images, string patches, int channels, PlaneSize size, PlaneSize patch)
    {
        (int lines, int columns) = (size.Height / patch.Height, size.Width / patch.Width);
        Tensor cut = _graph.Reshape(images.Rows, patches + "/cut", Tensor.Batch, channels, lines, patch.Height, columns, patch.Width);
        Tensor ordered = _graph.Transpose(cut, patches + "/ordered", 0, 2, 4, 1, 3, 5);
        return new(_graph.Reshape(ordered, patches, Tensor.Batch, lines * columns, channels * patch.Height * patch.Width));
    }

    /// <summary>Images with a border that is the same for each.</summary>
    protected OnnxValue PadImages(
        OnnxValue images, OnnxValue topBottom, OnnxValue leftRight, string padded, int channels, PlaneSize size, int pixels)
    {
        (int height, int width) = (size.Height + (2 * pixels), size.Width + (2 * pixels));
        Tensor planes = _graph.Reshape(images.Rows, padded + "/planes", Tensor.Batch, channels, size.Height, size.Width);
        Tensor sides = EachImage(leftRight, channels, size.Height, 2 * pixels, padded + "/sides");
        Tensor ends = EachImage(topBottom, channels, 2 * pixels, width, padded + "/ends");
        Tensor lines = _graph.Concat([Part(sides, 3, 0, "/left"), planes, Part(sides, 3, 1, "/right")], padded + "/lines", 3);
        Tensor whole = _graph.Concat([Part(ends, 2, 0, "/top"), lines, Part(ends, 2, 1, "/bottom")], padded + "/whole", 2);
        return new(_graph.Reshape(whole, padded, Tensor.Batch, channels * height, width));

        Tensor Part(Tensor border, int axis, int which, string name) =>
            _graph.Slice(border, padded + name, axis, which * pixels, pixels);
    }

    /// <summary>2 × 2 neighbouring tokens side by side: upper left, lower left, upper right, lower right.</summary>
    protected OnnxValue MergeNeighbours(OnnxValue x, string merged, int side)
    {
        int half = side / 2, columns = x.Rows[^1];
        Tensor cut = _graph.Reshape(x.Rows, merged + "/cut", [.. BatchOf(x.Rows), half, 2, half, 2, columns]);
        Tensor ordered = x.Rows.IsBatched
            ? _graph.Transpose(cut, merged + "/ordered", 0, 1, 3, 4, 2, 5)
            : _graph.Transpose(cut, merged + "/ordered", 0, 2, 3, 1, 4);
        return new(_graph.Reshape(ordered, merged, [.. BatchOf(x.Rows), half * half, 4 * columns]));
    }

    /// <summary>Blocks of [first, second] elements, each transposed.</summary>
    protected OnnxValue SwapAxes(OnnxValue x, string swapped, int blocks, int first, int second, int rows)
    {
        int[] batch = BatchOf(x.Rows);
        int side = (int)Math.Sqrt(second);

        // Planes of colours become the pixels of a map, which convolutions read as planes.
        if (blocks == 1 && rows == second && side * side == second)
            return OfPlanes(_graph.Reshape(x.Rows, swapped + "/planes", x.Rows.IsBatched ? Tensor.Batch : 1, first, side, side));
        Tensor cut = _graph.Reshape(x.Rows, swapped + "/cut", [.. batch, blocks, first, second]);
        Tensor turned = x.Rows.IsBatched
            ? _graph.Transpose(cut, swapped + "/turned", 0, 1, 3, 2)
            : _graph.Transpose(cut, swapped + "/turned", 0, 2, 1);
        return new(_graph.Reshape(turned, swapped, [.. batch, rows, blocks * first * second / rows]));
    }

    /// <summary>The mean over groups of rows that lie one below the other.</summary>
    protected OnnxValue MeanOfGroups(OnnxValue x, string mean, int groups)
    {
        if (x.Planes is { } planes && groups == planes[2] * planes[3])
        {
            Tensor pooled = _graph.Node("GlobalAveragePool", mean + "/pooled", [planes[0], planes[1], 1, 1], [planes]);
            return new(_graph.Reshape(pooled, mean, [.. BatchOf(planes), 1, planes[1]]));
        }

        int[] batch = BatchOf(x.Rows);
        int rows = x.Rows[^2] / groups, columns = x.Rows[^1];
        Tensor cut = _graph.Reshape(x.Rows, mean + "/groups", [.. batch, groups, rows, columns]);
        return new(_graph.Node(
            "ReduceMean", mean, [.. batch, rows, columns], [cut],
            GraphWriter.Attribute("axes", [batch.Length]), GraphWriter.Attribute("keepdims", 0L)));
    }

    private Tensor EachImage(OnnxValue matrix, int channels, int height, int width, string name) =>
        _graph.ForEachImage(_graph.Reshape(matrix.Rows, name + "/planes", 1, channels, height, width), name, 4);

    private Tensor Padded(Tensor x, string name, int start, int total)
    {
        int[] pads = x.IsBatched ? [0, start, 0, 0, total - start - x[^2], 0] : [start, 0, total - start - x[^2], 0];
        return _graph.Node("Pad", name, x.Dimensions.SetItem(x.Rank - 2, total), [x, _graph.Integers(pads)]);
    }
}
