using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using VptDsl.Common;
using VptDsl.Programs;

namespace VptDsl.Weights;

/// <summary>The fingerprint of a frozen backbone: prompts fit only the very weights that they were trained on.</summary>
/// <remarks>
/// SHA-256 over the frozen backbone parameters in ordinal order of their canonical names. Each contributes the lengths and
/// bytes of its name (UTF-8) and shape (32-bit integers), then the SHA-256 of its elements (32-bit floats), all
/// little-endian. So it does not depend on the file's format, naming or type, nor on where parameters lie in memory.
/// </remarks>
public sealed class BackboneHash
{
    private readonly SortedDictionary<string, byte[]> _parameters = new(StringComparer.Ordinal);

    /// <summary>The hash of a model's frozen backbone.</summary>
    /// <param name="model">The model.</param>
    /// <param name="read">Provides the elements of a parameter.</param>
    /// <returns>64 lowercase hexadecimal digits.</returns>
    public static string Compute(ModelDescription model, Func<ParameterDescription, float[]> read)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(read);
        return OfElements(model, parameter => FloatsHash.Of(read(parameter)));
    }

    /// <summary>The hash of a program's frozen backbone, as it was before memory rounded it.</summary>
    internal static string Of(ModelProgram program) => OfElements(program.Model, program.HashOf);

    /// <summary>Takes one parameter in, in any order; parameters that are trained or not of the backbone are passed over.</summary>
    /// <exception cref="ArgumentException">The parameter was added before.</exception>
    public void Add(ParameterDescription parameter, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (IsHashed(parameter))
        {
            _parameters.Add(parameter.Name, Record(parameter, FloatsHash.Of(values)));
        }
    }

    /// <summary>The hash of what was added.</summary>
    /// <returns>64 lowercase hexadecimal digits.</returns>
    public string Finish()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] parameter in _parameters.Values)
        {
            hash.AppendData(parameter);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string OfElements(ModelDescription model, Func<ParameterDescription, byte[]> hashOf)
    {
        var hash = new BackboneHash();
        foreach (ParameterDescription parameter in model.Parameters.Where(IsHashed))
            hash._parameters.Add(parameter.Name, Record(parameter, hashOf(parameter)));
        return hash.Finish();
    }

    private static bool IsHashed(ParameterDescription parameter) => parameter is { Kind: ParameterKind.Backbone, Trained: false };

    private static byte[] Record(ParameterDescription parameter, byte[] elements)
    {
        byte[] name = Encoding.UTF8.GetBytes(parameter.Name);
        return [.. Prefixed(name, name.Length), .. Prefixed(ShapeBytes(parameter), parameter.Shape.Length), .. elements];
    }

    private static byte[] Prefixed(ReadOnlySpan<byte> bytes, int length) => [.. Bytes(length), .. bytes];

    private static byte[] ShapeBytes(ParameterDescription parameter) => [.. parameter.Shape.SelectMany(Bytes)];

    private static byte[] Bytes(int value)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
