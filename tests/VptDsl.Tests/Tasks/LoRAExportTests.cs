using System.Text.Json;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Tests.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.Tests.Tasks;

/// <summary>What is exported names layers that other programs find; where a naming has none, it is an error.</summary>
public sealed class LoRAExportTests : IDisposable
{
    private const int Width = 4, Rank = 2;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Blocks_with_their_numbers_in_their_names_are_one_target()
    {
        LoRAExport.Write(
            _folder.Path("out"), Updating("mlp.fc1", inputs: Width, outputs: 4 * Width), SmallVit.Values, TorchvisionVitDialect.Current);

        byte[] written = File.ReadAllBytes(Path.Combine(_folder.Path("out"), LoRAExport.Configuration));
        using JsonDocument configuration = JsonDocument.Parse(written);
        Assert.Equal("mlp.0", Assert.Single(configuration.RootElement.GetProperty("target_modules").EnumerateArray()).GetString());
    }

    [Theory]
    [InlineData("attn.query")]
    [InlineData("attn.proj")]
    public void Attention_without_layers_of_its_own_is_an_error_that_says_what_to_do(string layer)
    {
        ModelDescription model = Updating(layer, Width, Width);

        foreach (IWeightDialect dialect in (IWeightDialect[])[TorchvisionVitDialect.Older, new ClipDialect()])
        {
            string message = Assert.Throws<InvalidOperationException>(
                () => LoRAExport.Write(_folder.Path("none"), model, SmallVit.Values, dialect)).Message;

            Assert.Contains("in_proj_weight", message, StringComparison.Ordinal);
            Assert.Contains("SaveBackbone", message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_folder.Path("none")));
        }
    }

    private static ModelDescription Updating(string layer, int inputs, int outputs)
    {
        ModelDescription model = SmallVit.Describe(width: Width);
        return model with
        {
            Parameters =
            [
                .. model.Parameters,
                .. from block in (int[])[0, 1]
                   from part in ((string Name, int[] Shape)[])[("lora_A", [Rank, inputs]), ("lora_B", [outputs, Rank])]
                   select new ParameterDescription(
                       $"blocks.{block}.{layer}.{part.Name}.weight", [.. part.Shape], ParameterKind.AddedNetwork, true, 0, default),
            ],
        };
    }
}
