using System.ComponentModel;

namespace VptDsl.Onnx;

/// <summary>What the generator adds to a declared model in a project that references this library.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IOnnxModel
{
    /// <summary>What puts the model's inference together as a graph.</summary>
    /// <exception cref="NotSupportedException">Something in it has no form in ONNX; the message names it.</exception>
    OnnxProgram DescribeForOnnx();
}
