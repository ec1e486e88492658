using VptDsl.MultiTask;

namespace VptDsl.Benchmarks.Serving;

/// <summary>One backbone whose batches mix the tasks.</summary>
internal sealed class MixedServer : ITaskServer
{
    private readonly MultiTaskModel _model;
    private readonly float[] _images;

    public MixedServer(Tuner tuner, string[] files, float[] images, int batch)
    {
        _model = new MultiTaskModel(tuner, new MultiTaskOptions { MaxBatch = batch });
        for (int task = 0; task < files.Length; task++)
            _model.Load(TaskMix.Name(task), files[task]);
        _images = images;
    }

    public Task PredictAsync(int task, int image)
    {
        int floats = _model.ImageShape.Floats;
        return _model.PredictAsync(_images.AsMemory(image * floats, floats), TaskMix.Name(task));
    }

    public long Memory() => Environment.WorkingSet;

    public void Dispose() => _model.Dispose();
}
