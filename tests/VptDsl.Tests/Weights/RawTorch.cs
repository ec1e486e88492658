using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>PyTorch checkpoints put together by hand.</summary>
internal static class RawTorch
{
    /// <summary>A checkpoint of entries that hold tensors; an entry without a name is the checkpoint itself.</summary>
    public static byte[] Build(params (string? Entry, IReadOnlyList<TensorToWrite> Tensors)[] entries)
    {
        PickleWriter pickle = new PickleWriter().Op('}').Op('(');
        var files = new List<(string Name, byte[] Content)>();
        foreach ((string? entry, IReadOnlyList<TensorToWrite> tensors) in entries)
        {
            if (entry is not null)
                pickle.Text(entry).Op('}').Op('(');
            foreach (TensorToWrite tensor in tensors)
            {
                float[] values = tensor.Read().ToArray();
                string key = $"{files.Count}";
                pickle.Text(tensor.Name)
                    .Tensor("FloatStorage", key, values.Length, 0, [.. tensor.Shape.Select(d => (long)d)], Strides(tensor));
                files.Add(($"archive/data/{key}", RawSafetensors.Floats(values)));
            }

            if (entry is not null)
                pickle.Op('u');
        }

        return RawZip.Pack(deflate: false, [("archive/data.pkl", pickle.Op('u').Finish()), .. files]);
    }

    /// <summary>A checkpoint in which one tensor, be it there or not, is a view that repeats a single number.</summary>
    public static byte[] BuildExpanded(IEnumerable<TensorToWrite> tensors, string expanded, int[] shape)
    {
        PickleWriter pickle = new PickleWriter().Op('}').Op('(');
        var files = new List<(string Name, byte[] Content)>();
        foreach (TensorToWrite tensor in tensors.Where(t => t.Name != expanded).Append(new(expanded, [.. shape], [1f])))
        {
            bool isExpanded = tensor.Name == expanded;
            float[] values = isExpanded ? [1f] : tensor.Read().ToArray();
            string key = $"{files.Count}";
            pickle.Text(tensor.Name).Tensor(
                "FloatStorage", key, values.Length, 0, [.. tensor.Shape.Select(d => (long)d)],
                isExpanded ? new long[shape.Length] : Strides(tensor));
            files.Add(($"archive/data/{key}", RawSafetensors.Floats(values)));
        }

        return RawZip.Pack(deflate: false, [("archive/data.pkl", pickle.Op('u').Finish()), .. files]);
    }

    private static long[] Strides(TensorToWrite tensor)
    {
        long[] strides = new long[tensor.Shape.Length];
        long stride = 1;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= tensor.Shape[axis];
        }

        return strides;
    }
}
