using System.ComponentModel;

namespace VptDsl.Devices.Ilgpu;

/// <summary>Four neighbouring floats, which kernels load and store in one instruction where they are aligned to 16 bytes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct Float4
{
    /// <summary>Four floats.</summary>
    public Float4(float x, float y, float z, float w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }

    /// <summary>The first.</summary>
    public float X { get; set; }

    /// <summary>The second.</summary>
    public float Y { get; set; }

    /// <summary>The third.</summary>
    public float Z { get; set; }

    /// <summary>The fourth.</summary>
    public float W { get; set; }
}
