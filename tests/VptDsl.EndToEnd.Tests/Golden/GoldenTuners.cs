using VptDsl.Programs;
using VptDsl.Testing.Golden;

namespace VptDsl.EndToEnd.Tests.Golden;

/// <summary>
/// The golden models on one device. A device that compiles kernels needs seconds for a model, so that each is made once and put back to
/// its start for every test.
/// </summary>
/// <param name="load">Loads the model of a case, by its name, with a file's backbone.</param>
public sealed class GoldenTuners(Func<string, Device, string, Tuner> load) : IDisposable
{
    private readonly Dictionary<string, (Tuner Tuner, float[] Trained, float[] Measured)> _tuners = [];

    /// <summary>A model with the case's parameters and an optimiser that has done nothing yet.</summary>
    public Tuner Take(GoldenCase golden, Device device)
    {
        if (!_tuners.TryGetValue(golden.Name, out var made))
            _tuners.Add(golden.Name, made = Make(golden, device));

        ModelProgram program = made.Tuner.Compiled;
        program.Write(new(Region.Trained, 0), made.Trained);
        program.Write(new(Region.Statistics, 0), made.Measured);
        program.Write(new(Region.FirstMoments, 0), new float[made.Trained.Length]);
        program.Write(new(Region.SecondMoments, 0), new float[made.Trained.Length]);
        return made.Tuner;
    }

    public void Dispose()
    {
        foreach (var (tuner, _, _) in _tuners.Values)
            tuner.Dispose();
    }

    private (Tuner Tuner, float[] Trained, float[] Measured) Make(GoldenCase golden, Device device)
    {
        Tuner tuner = load(golden.Name, device, golden.BackboneFile);
        foreach ((string name, GoldenTensor tensor) in golden.Task)
        {
            ParameterDescription parameter = tuner.Model.Parameters.Single(p => p.Name == name);
            Assert.Equal(tensor.Shape, parameter.Shape);
            tuner.Compiled.Write(new(parameter.Region, parameter.Offset), tensor.Values);
        }

        return (tuner, Read(Region.Trained, tuner.Model.TrainedFloats), Read(Region.Statistics, tuner.Model.MeasuredFloats));

        float[] Read(Region region, long count)
        {
            float[] values = new float[count];
            tuner.Compiled.Read(new(region, 0), values);
            return values;
        }
    }
}
