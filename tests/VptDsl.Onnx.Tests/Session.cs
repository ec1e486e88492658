using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace VptDsl.Onnx.Tests;

/// <summary>An exported model in ONNX Runtime.</summary>
internal sealed class Session(string path) : IDisposable
{
    private readonly InferenceSession _session = new(path, new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 });

    public ModelMetadata Metadata => _session.ModelMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    public void Dispose() => _session.Dispose();

    /// <summary>The logits of images, given the other inputs, where the model has any.</summary>
    public (float[] Logits, int[] Shape) Run(float[] images, IReadOnlyDictionary<string, (float[] Values, int[] Shape)>? others = null)
    {
        int[] shape = [.. Inputs["images"].Dimensions];
        shape[0] = images.Length / (shape[1] * shape[2] * shape[3]);
        var inputs = new List<NamedOnnxValue> { NamedOnnxValue.CreateFromTensor("images", new DenseTensor<float>(images, shape)) };
        foreach ((string name, (float[] values, int[] dimensions)) in others ?? new Dictionary<string, (float[], int[])>())
            inputs.Add(NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(values, dimensions)));
        using var results = _session.Run(inputs);
        var logits = (DenseTensor<float>)results.Single().AsTensor<float>();
        return ([.. logits], [.. logits.Dimensions]);
    }
}
