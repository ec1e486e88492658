using VptDsl.Programs;
using VptDsl.Testing;

namespace VptDsl.Onnx.Tests;

/// <summary>ONNX Runtime computes of an exported file what the model itself does, whatever is declared.</summary>
public sealed class AgreementTests : IDisposable
{
    // Both compute in float32, and sum in other orders.
    private const double Tolerance = 1e-5;

    private readonly string _directory = Directory.CreateTempSubdirectory("onnx").FullName;

    public static TheoryData<string> Models => DeclaredModels.Names;

    private string File => Path.Combine(_directory, "model.onnx");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Models))]
    public void A_file_with_its_task_gives_the_logits_of_the_model(string model)
    {
        using Device device = Device.Cpu(threads: 1);
        using Tuner tuner = DeclaredModels.Create(model, device);
        tuner.ExportOnnx(File);
        using var session = new Session(File);
        foreach (int batch in new[] { 1, 3 })
        {
            float[] images = DeclaredModels.DrawImages(tuner, batch);
            Assert.InRange(RelativeError.Of(session.Run(images).Logits, DeclaredModels.Infer(tuner, images)), 0, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_file_without_a_task_gives_the_logits_of_any_task_that_it_is_given(string model)
    {
        using Device device = Device.Cpu(threads: 1);
        using Tuner tuner = DeclaredModels.Create(model, device);
        if (tuner.Model.Parameters.All(p => p.Trained || p.IsMeasured))
        {
            Assert.Throws<InvalidOperationException>(() => tuner.ExportOnnx(File, new OnnxOptions { TaskInputs = true }));
            return;
        }

        tuner.ExportOnnx(File, new OnnxOptions { TaskInputs = true });
        using var session = new Session(File);
        var task = tuner.Model.Parameters.Where(p => p.Trained || p.IsMeasured)
            .ToDictionary(p => p.Name, p => (tuner.Compiled.Read(p), p.Shape.ToArray()));
        foreach (int batch in new[] { 1, 3 })
        {
            float[] images = DeclaredModels.DrawImages(tuner, batch);
            Assert.InRange(RelativeError.Of(session.Run(images, task).Logits, DeclaredModels.Infer(tuner, images)), 0, Tolerance);
        }
    }
}
