using System.Collections.Immutable;
using VptDsl.Common;

namespace VptDsl.Weights;

/// <summary>Checks that a safetensors file's tensors cover its data exactly: no byte twice, none left over.</summary>
internal static class SafetensorsLayout
{
    /// <summary>The tensors in the order of their data.</summary>
    /// <param name="tensors">The tensors that the header lists.</param>
    /// <param name="dataBytes">The number of bytes after the header.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="WeightFileException">Data overlap, leave a gap, or do not end where the file ends.</exception>
    public static ImmutableArray<TensorInfo> Check(ImmutableArray<TensorInfo> tensors, long dataBytes, string path)
    {
        var ordered = tensors.Sort(ByPlace);
        long covered = 0;
        string? previous = null;
        foreach (var tensor in ordered)
        {
            long end = tensor.Offset + tensor.ByteCount;
            if (end > dataBytes)
            {
                throw SafetensorsFile.Broken(
                    path,
                    $"its data end at byte {end}, but the file has only {dataBytes} bytes of data",
                    tensor.Name,
                    "The file was probably cut off: download or copy it again.");
            }

            if (tensor.Offset < covered)
            {
                throw SafetensorsFile.Broken(path, $"its data overlap those of {Quoted.Name(previous!)}", tensor.Name);
            }

            if (tensor.Offset > covered)
            {
                throw SafetensorsFile.Broken(path, $"{tensor.Offset - covered} bytes before its data belong to no tensor", tensor.Name);
            }

            covered = end;
            previous = tensor.Name;
        }

        if (covered != dataBytes)
        {
            throw SafetensorsFile.Broken(path, $"{dataBytes - covered} bytes at the end belong to no tensor");
        }

        return ordered;
    }

    private static int ByPlace(TensorInfo a, TensorInfo b)
    {
        // Tensors without elements share their place with a neighbour; they come first, so that they overlap nothing.
        int order = (a.Offset, a.ByteCount).CompareTo((b.Offset, b.ByteCount));
        return order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
    }
}
