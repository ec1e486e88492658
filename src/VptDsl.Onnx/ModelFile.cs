using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;
using VptDsl.Common;
using VptDsl.Onnx.Format;
using VptDsl.Onnx.Graph;
using VptDsl.Weights;

namespace VptDsl.Onnx;

/// <summary>Writes a model's file, and the one with its weights where they lie beside it.</summary>
internal static class ModelFile
{
    /// <summary>
    /// The most bytes of weights in a model's own file: a message of Protocol Buffers ends at 2 GiB, and the graph needs some.
    /// </summary>
    public const long MostInside = int.MaxValue - (64L << 20);

    // Smaller ones stay: what operators need to know of shapes is read before any other file is.
    private const long LeastBeside = 1024;

    // As readers that map the file into memory need it.
    private const int Alignment = 4096;

    private const int HashLength = 16;

    /// <summary>Writes all files, each whole or not at all, and the model's last.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="model">The model without its weights.</param>
    /// <param name="constants">The weights and their names.</param>
    /// <param name="beside">Whether weights lie in a file of their own however few they are.</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    public static void Write(
        string path, ModelProto model, IReadOnlyList<(string Name, Tensor Tensor)> constants, bool beside, CancellationToken cancellation)
    {
        AtomicFile.CheckPlace(path);
        if (beside || constants.Sum(c => c.Tensor.Count * sizeof(float)) > MostInside)
        {
            WriteBeside(path, model, constants, cancellation);
        }
        else
        {
            foreach ((string name, Tensor tensor) in constants)
                model.Graph.Initializer.Add(Inside(name, tensor, cancellation));
        }

        AtomicFile.Write(path, stream =>
        {
            cancellation.ThrowIfCancellationRequested();
            model.WriteTo(stream);
        });
    }

    private static void WriteBeside(
        string path, ModelProto model, IReadOnlyList<(string Name, Tensor Tensor)> constants, CancellationToken cancellation)
    {
        var large = constants.Where(c => c.Tensor.Count * sizeof(float) >= LeastBeside).ToArray();

        // Other weights have another name: whatever happens between the two files, a model finds those that it was written with.
        string file = $"{Path.GetFileNameWithoutExtension(path)}.{Hash(large, cancellation)}.weights";
        foreach ((string name, Tensor tensor) in constants.Except(large))
            model.Graph.Initializer.Add(Inside(name, tensor, cancellation));
        long offset = 0;
        foreach ((string name, Tensor tensor) in large)
        {
            TensorProto described = Describe(name, tensor);
            described.DataLocation = TensorProto.Types.Place.External;
            described.ExternalData.Add(new EntryProto { Key = "location", Value = file });
            described.ExternalData.Add(new EntryProto { Key = "offset", Value = Text(offset) });
            described.ExternalData.Add(new EntryProto { Key = "length", Value = Text(tensor.Count * sizeof(float)) });
            model.Graph.Initializer.Add(described);
            offset = Aligned(offset + (tensor.Count * sizeof(float)));
        }

        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        AtomicFile.Write(Path.Combine(directory, file), stream =>
        {
            long written = 0;
            foreach ((string name, Tensor tensor) in large)
            {
                stream.Write(new byte[Aligned(written) - written]);
                float[] values = Read(name, tensor, cancellation);
                stream.Write(MemoryMarshal.AsBytes<float>(values));
                written = Aligned(written) + ((long)values.Length * sizeof(float));
            }
        });
    }

    private static string Hash((string Name, Tensor Tensor)[] tensors, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, Tensor tensor) in tensors)
            hash.AppendData(MemoryMarshal.AsBytes<float>(Read(name, tensor, cancellation)));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HashLength];
    }

    private static TensorProto Inside(string name, Tensor tensor, CancellationToken cancellation)
    {
        TensorProto inside = Describe(name, tensor);
        inside.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(Read(name, tensor, cancellation)));
        return inside;
    }

    private static TensorProto Describe(string name, Tensor tensor)
    {
        var described = new TensorProto { Name = name, DataType = GraphWriter.Float };
        foreach (int dimension in tensor.Dimensions)
            described.Dims.Add(dimension);
        return described;
    }

    private static float[] Read(string name, Tensor tensor, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        float[] values = tensor.Constant!();
        return FiniteNumbers.AreAll(values) ? values : throw new InvalidOperationException(
            $"{name} has elements that are NaN or infinite: load or train the model again before it is exported.");
    }

    private static long Aligned(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
