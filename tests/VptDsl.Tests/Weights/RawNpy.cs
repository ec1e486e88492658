using System.Text;

namespace VptDsl.Tests.Weights;

/// <summary>NumPy arrays put together by hand.</summary>
internal static class RawNpy
{
    /// <summary>An array of 32-bit floats.</summary>
    public static byte[] Floats(IEnumerable<long> shape, params float[] values)
    {
        string tuple = string.Concat(shape.Select(dimension => $"{dimension}, "));
        return Build($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({tuple}), }}", RawSafetensors.Floats(values));
    }

    /// <summary>An array with a header of version 1.</summary>
    public static byte[] Build(string header, params byte[] data) =>
        [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.Latin1.GetBytes(header), .. data];
}
