using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace VptDsl.Devices.Ilgpu;

/// <summary>Four neighbouring floats, which kernels load and store in one instruction where they are aligned to 16 bytes.</summary>
/// <remarks>
/// Its parts are fields: a property is a call, of which a kernel has hundreds, and ILGPU's inliner takes time that grows with their square.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Design", "CA1051", Justification = "See the remarks.")]
public struct Float4
{
    /// <summary>The first.</summary>
    public float X;

    /// <summary>The second.</summary>
    public float Y;

    /// <summary>The third.</summary>
    public float Z;

    /// <summary>The fourth.</summary>
    public float W;

    /// <summary>Four floats.</summary>
    public Float4(float x, float y, float z, float w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }
}
