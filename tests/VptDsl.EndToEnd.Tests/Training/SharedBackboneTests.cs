using VptDsl.EndToEnd.Tests.Models;
using VptDsl.Programs;

namespace VptDsl.EndToEnd.Tests.Training;

/// <summary>
/// Protects models that inherit a declaration: they are trained as themselves, on one backbone, and used as what they share.
/// </summary>
public sealed class SharedBackboneTests : IDisposable
{
    private readonly Device _device = Device.Cpu(threads: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("vptdsl-shared-").FullName;

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Two_models_of_one_declaration_train_on_one_backbone()
    {
        string backbone = Path.Combine(_folder, "backbone.safetensors");
        using (var first = SharedPlain.Create(_device, seed: 1))
            first.SaveBackbone(backbone);

        using SharedBackbone plain = SharedPlain.Load(_device, backbone, seed: 2), shallow = SharedShallow.Load(_device, backbone, seed: 2);
        foreach (SharedBackbone model in (SharedBackbone[])[plain, shallow])
        {
            float[] before = model.Trained();
            model.Train(batch: 4, steps: 1);
            Assert.NotEqual(before, model.Trained());
            Assert.All(model.Losses(batch: 4), loss => Assert.True(float.IsFinite(loss)));
        }

        Assert.Equal([3, 5], [plain.Model.Classes, shallow.Model.Classes]);
        Assert.Equal(BackboneOf(plain), BackboneOf(shallow));
        Assert.Equal([2 * 2 * 8, 3 * 8], [PromptFloats(plain), PromptFloats(shallow)]);
    }

    private static IEnumerable<string> BackboneOf(Tuner tuner) =>
        tuner.Model.Parameters.Where(p => p.Kind == ParameterKind.Backbone).Select(p => $"{p.Name} [{string.Join(',', p.Shape)}]");

    private static long PromptFloats(Tuner tuner) => tuner.Model.TrainedFloats - ((8 + 1) * tuner.Model.Classes);
}
