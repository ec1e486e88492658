using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VptDsl.Onnx;

namespace VptDsl.Benchmarks.Serving;

/// <summary>A session of ONNX Runtime for each task, each with a backbone of its own.</summary>
internal sealed class OnnxSessions : IDisposable
{
    private readonly InferenceSession[] _sessions;
    private readonly float[] _images;
    private readonly int[] _shape;

    public OnnxSessions(Tuner tuner, string[] files, string folder, float[] images, int threads)
    {
        _images = images;
        _shape = [1, tuner.Model.Channels, tuner.Model.ImageSize.Height, tuner.Model.ImageSize.Width];
        _sessions =
        [
            .. files.Select(file =>
            {
                tuner.LoadTask(file);
                string path = Path.Combine(folder, "exported.onnx");
                tuner.ExportOnnx(path);
                return new InferenceSession(path, new SessionOptions { IntraOpNumThreads = threads });
            }),
        ];
    }

    public void Predict(int task, int[] asked)
    {
        int floats = _shape[1] * _shape[2] * _shape[3];
        var tensor = new DenseTensor<float>([asked.Length, .. _shape[1..]]);
        for (int i = 0; i < asked.Length; i++)
            _images.AsSpan(asked[i] * floats, floats).CopyTo(tensor.Buffer.Span[(i * floats)..]);
        _sessions[task].Run([NamedOnnxValue.CreateFromTensor("images", tensor)]).Dispose();
    }

    public void Dispose()
    {
        foreach (InferenceSession session in _sessions)
            session.Dispose();
    }
}
