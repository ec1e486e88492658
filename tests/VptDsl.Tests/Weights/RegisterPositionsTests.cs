using VptDsl.Programs;
using VptDsl.Weights;

namespace VptDsl.Tests.Weights;

/// <summary>Registers have no places in DINOv2's checkpoints: a model that wants some gets none made up.</summary>
public sealed class RegisterPositionsTests : IDisposable
{
    private const int Registers = 4, Width = 4, Side = 2;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, true, "")]
    [InlineData(0, true, "")]
    [InlineData(1 + Registers, false, "")]
    [InlineData(0, true, "module.")]
    public void Positions_of_fewer_tokens_than_the_models_are_refused(int prefix, bool fits, string wrapper)
    {
        ModelDescription model = WithRegisters(prefix);
        string path = _folder.Path("dinov2_reg.safetensors");
        SafetensorsWriter.Write(path, SmallVit.Backbone(model).Select(t => t.Name switch
        {
            "reg_token" => t with { Name = "register_tokens" },
            "pos_embed" => new("pos_embed", [1, 1 + (Side * Side), Width], new float[(1 + (Side * Side)) * Width]),
            _ => t,
        }).Select(t => t with { Name = wrapper + t.Name }));

        Exception? refused = Record.Exception(() => BackboneLoader.Load(path, model, (_, _) => { }));

        Assert.Equal(fits, refused is null);
        if (refused is not null)
        {
            Assert.Contains(
                "pos_embed is [1, 5, 4] in the file, [1, 9, 4] in the model",
                Assert.IsType<WeightFileException>(refused).Message,
                StringComparison.Ordinal);
        }
    }

    private static ModelDescription WithRegisters(int prefix)
    {
        ModelDescription small = SmallVit.Describe(width: Width);
        ParameterDescription classToken = small.Parameters.Single(p => p.Name == "cls_token");
        ParameterDescription positions = small.Parameters.Single(p => p.Name == "pos_embed");
        return small with
        {
            Parameters =
            [
                .. small.Parameters.Replace(
                    positions,
                    positions with { Shape = [1, prefix + (Side * Side), Width], Grid = new(prefix, Side, Side) }),
                classToken with { Name = "reg_token", Shape = [1, Registers, Width] },
            ],
        };
    }
}
