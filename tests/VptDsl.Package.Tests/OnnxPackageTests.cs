namespace VptDsl.Package.Tests;

/// <summary>Protects who references the package for ONNX: the generator sees it, and a model can be written.</summary>
public sealed class OnnxPackageTests(PackedLibrary library) : IClassFixture<PackedLibrary>, IDisposable
{
    private readonly Consumer _consumer = new(library);

    public void Dispose() => _consumer.Dispose();

    [Fact]
    public void A_project_with_the_packages_alone_exports_a_model()
    {
        _consumer.WriteProject("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", packages: "VptDsl.Onnx");
        _consumer.Write("Program.cs", """
            using VptDsl;
            using VptDsl.Onnx;

            using var device = Device.Cpu();
            using TinyTuner tuner = TinyTuner.Create(device, seed: 1);
            tuner.ExportOnnx("tiny.onnx");
            Console.WriteLine($"written {new FileInfo("tiny.onnx").Length > 4 * TinyTuner.BackboneParameters}");

            [Vit(Width = 16, Layers = 2, Heads = 2, Patch = 4, Image = 8)]
            [DeepPrompt(Tokens = 2)]
            [LinearHead(Classes = 3)]
            internal sealed partial class TinyTuner;
            """);
        Assert.Equal("written True", _consumer.DotNet("run", "--project", "Consumer.csproj").Trim());
    }
}
