using System.Text.Json;
using VptDsl.Programs;
using VptDsl.Tasks;
using VptDsl.Tests.Weights;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.Tests.Tasks;

/// <summary>Updates are exported under names that are layers to other programs, and not at all where they are no numbers.</summary>
public sealed class LoRAExportTests : IDisposable
{
    private const int Rank = 2, Width = 4;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_layer_that_is_a_number_in_its_block_is_told_from_the_block()
    {
        Export(TorchvisionVitDialect.Current, "mlp.fc1", "mlp.fc2");

        Assert.Equal(["mlp.0", "mlp.3"], Targets());
        using SafetensorsFile file = Adapter();
        Assert.Contains(file.Tensors, t => t.Name == "base_model.model.encoder.layers.encoder_layer_1.mlp.3.lora_A.weight");
    }

    [Fact]
    public void A_number_before_the_blocks_is_not_taken_for_theirs()
    {
        Export(new PrefixedDialect("0.", new TimmDialect()), "mlp.fc1");

        // In block 0 it is the same number; the longer name is found there all the same.
        Assert.Equal(["blocks.0.mlp.fc1", "mlp.fc1"], Targets());
    }

    [Theory]
    [InlineData("attn.query")]
    [InlineData("attn.proj")]
    public void Attention_that_has_no_layers_gets_timms_names(string updated)
    {
        Export(TorchvisionVitDialect.Current, updated);

        Assert.Equal([updated == "attn.proj" ? "attn.proj" : "attn.qkv"], Targets());
    }

    [Fact]
    public void Updates_that_are_no_numbers_are_refused_and_leave_no_file()
    {
        ModelDescription model = Describe("mlp.fc1");

        string message = Assert.Throws<InvalidOperationException>(() => LoRAExport.Write(
            _folder.Path("lora"), model, p => [.. Enumerable.Repeat(float.NaN, (int)p.Count)], dialect: null)).Message;

        Assert.Contains("blocks.0.mlp.fc1.lora_A.weight of Small has elements that are NaN", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Path("lora")));
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_named_with_what_to_do()
    {
        string taken = _folder.Path("taken");
        File.WriteAllText(taken, "");

        string message = Assert.Throws<IOException>(
            () => LoRAExport.Write(taken, Describe("mlp.fc1"), SmallVit.Values, dialect: null)).Message;

        Assert.StartsWith($"{taken}: the directory was not made: ", message, StringComparison.Ordinal);
        Assert.EndsWith("Name one where directories may be made and no file is.", message, StringComparison.Ordinal);
    }

    private void Export(IWeightDialect dialect, params string[] updated) =>
        LoRAExport.Write(_folder.Path("lora"), Describe(updated), SmallVit.Values, dialect);

    private string[] Targets()
    {
        using JsonDocument configuration = JsonDocument.Parse(File.ReadAllBytes(_folder.Path("lora/adapter_config.json")));
        return [.. configuration.RootElement.GetProperty("target_modules").EnumerateArray().Select(name => name.GetString()!).Order()];
    }

    private SafetensorsFile Adapter() => SafetensorsFile.Open(_folder.Path("lora/adapter_model.safetensors"));

    private static ModelDescription Describe(params string[] updated)
    {
        ModelDescription small = SmallVit.Describe(width: Width);
        return small with
        {
            Parameters =
            [
                .. small.Parameters,
                .. from block in Enumerable.Range(0, 2)
                   from layer in updated
                   let inputs = layer == "mlp.fc2" ? 4 * Width : Width
                   let outputs = layer == "mlp.fc1" ? 4 * Width : Width
                   from matrix in new[] { (Name: "lora_A", Rows: Rank, Columns: inputs), (Name: "lora_B", Rows: outputs, Columns: Rank) }
                   select new ParameterDescription(
                       $"blocks.{block}.{layer}.{matrix.Name}.weight", [matrix.Rows, matrix.Columns],
                       ParameterKind.AddedNetwork, Trained: true, Offset: 0, default),
            ],
        };
    }
}
