using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VptDsl.Programs;
using VptDsl.Weights;
using VptDsl.Weights.Dialects;

namespace VptDsl.Tasks;

/// <summary>
/// Writes low-rank updates as the PEFT library reads them: <c>adapter_model.safetensors</c> and <c>adapter_config.json</c>, with the
/// names of the layers that the backbone's own weight file has.
/// </summary>
/// <remarks>
/// Where a file keeps query, key and value in one layer, that layer gets the updates of all of them in one of a rank as many times larger,
/// which is the same function.
/// </remarks>
internal static class LoRAExport
{
    /// <summary>The files.</summary>
    public const string Weights = "adapter_model.safetensors", Configuration = "adapter_config.json";

    private const string Down = ".lora_A.weight", Up = ".lora_B.weight", Scale = ".lora_scale", Prefix = "base_model.model.";

    private const string Weight = ".weight";

    private static readonly (string Layer, string[] Updates)[] Layers =
    [
        ("attn.qkv", ["attn.query", "attn.key", "attn.value"]), ("attn.proj", ["attn.proj"]), ("mlp.fc1", ["mlp.fc1"]),
        ("mlp.fc2", ["mlp.fc2"]),
    ];

    private static readonly string[] Attention = ["attn.query", "attn.key", "attn.value", "attn.proj"];

    /// <summary>Writes both files, each whole or not at all.</summary>
    /// <param name="directory">Where; it is made if it is not there.</param>
    /// <param name="model">The model.</param>
    /// <param name="read">Provides a parameter's elements.</param>
    /// <param name="dialect">The names of the backbone's file; null for timm's.</param>
    /// <exception cref="InvalidOperationException">The model declares no updates, or some are not finite.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(
        string directory, ModelDescription model, Func<ParameterDescription, float[]> read, IWeightDialect? dialect)
    {
        Dictionary<string, ParameterDescription> parameters = model.Parameters.ToDictionary(p => p.Name);
        IWeightDialect names = dialect is not null && NamesLayers(dialect, parameters) ? dialect : new TimmDialect();
        Module[] modules = [.. Find(parameters, p => FiniteParameters.Read(model, p, read), names)];
        if (modules.Length == 0)
        {
            throw new InvalidOperationException(
                $"{model.Name} has no low-rank updates to export: declare [LoRA], or save the task by {nameof(Tuner.SaveTask)}.");
        }

        AtomicFile.CreateDirectory(directory);
        SafetensorsWriter.Write(
            Path.Combine(directory, Weights),
            [
                .. modules.Select(m => new TensorToWrite(Prefix + m.Name + Down, [m.Rank, m.Down.Length / m.Rank], m.Down)),
                .. modules.Select(m => new TensorToWrite(Prefix + m.Name + Up, [m.Up.Length / m.Rank, m.Rank], m.Up)),
            ],
            new Dictionary<string, string> { ["format"] = "pt" });
        AtomicFile.Write(Path.Combine(directory, Configuration), stream =>
        {
            using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            Describe(modules).WriteTo(writer);
        });
    }

    /// <summary>
    /// Whether what has updates is a layer under a dialect's names. Where query, key and value are a parameter of the attention itself, it
    /// multiplies by its weights without asking its layers, so that none of them could have updates.
    /// </summary>
    private static bool NamesLayers(IWeightDialect dialect, Dictionary<string, ParameterDescription> parameters) =>
        !Attention.Any(name => parameters.ContainsKey($"blocks.0.{name}{Down}"))
        || dialect.Parts(parameters["blocks.0.attn.qkv.weight"]).All(part => part.Tensor.EndsWith(Weight, StringComparison.Ordinal));

    private static IEnumerable<Module> Find(
        Dictionary<string, ParameterDescription> parameters, Func<ParameterDescription, float[]> read, IWeightDialect dialect)
    {
        for (int block = 0; parameters.ContainsKey($"blocks.{block}.norm1.weight"); block++)
        {
            foreach ((string layer, string[] names) in Layers)
            {
                ParameterDescription weight = parameters[$"blocks.{block}.{layer}.weight"];
                int outputs = weight.Shape[0], each = outputs / names.Length, first = 0;
                Update[] updates = [.. names.SelectMany((name, i) => Read(parameters, read, $"blocks.{block}.{name}", i * each))];
                foreach (TensorPart part in dialect.Parts(weight))
                {
                    int rows = (int)(part.Count / weight.Shape[1]);
                    Update[] ofPart = [.. updates.Where(u => u.First < first + rows && first < u.First + u.Rows)];
                    if (ofPart.Length > 0)
                        yield return Join(part.Tensor, block, first, rows, ofPart);
                    first += rows;
                }
            }
        }
    }

    private static IEnumerable<Update> Read(
        Dictionary<string, ParameterDescription> parameters, Func<ParameterDescription, float[]> read, string name, int first)
    {
        if (!parameters.TryGetValue(name + Down, out ParameterDescription? down))
            yield break;
        float scale = parameters.TryGetValue(name + Scale, out ParameterDescription? stated) ? stated.Initializer.Value : 1;
        yield return new(first, parameters[name + Up].Shape[0], down.Shape[0], scale, read(down), read(parameters[name + Up]));
    }

    /// <summary>The updates of some rows of outputs as one: A below each other, B side by side, each in its rows.</summary>
    private static Module Join(string tensor, int block, int first, int rows, Update[] updates)
    {
        int rank = updates.Sum(u => u.Rank), column = 0;
        float[] up = new float[rows * rank];
        foreach (Update update in updates)
        {
            for (int row = Math.Max(first, update.First); row < Math.Min(first + rows, update.First + update.Rows); row++)
                update.Up.AsSpan((row - update.First) * update.Rank, update.Rank).CopyTo(up.AsSpan(((row - first) * rank) + column));
            column += update.Rank;
        }

        return new(tensor[..^Weight.Length], block, rank, updates[0].Scale * rank, [.. updates.SelectMany(u => u.Down)], up);
    }

    private static JsonObject Describe(Module[] modules)
    {
        int rank = modules.Min(m => m.Rank);
        double alpha = modules.First(m => m.Rank == rank).Alpha;
        Module[] larger = [.. modules.Where(m => m.Rank != rank).DistinctBy(m => m.InBlock)];
        return new JsonObject
        {
            ["peft_type"] = "LORA",
            ["r"] = rank,
            ["lora_alpha"] = alpha,
            ["target_modules"] = new JsonArray([.. modules.Select(m => m.InBlock).Distinct().Select(name => (JsonNode)name)]),
            ["rank_pattern"] = new JsonObject(larger.Select(m => KeyValuePair.Create(m.InBlock, (JsonNode?)m.Rank))),
            ["alpha_pattern"] = new JsonObject(larger.Select(m => KeyValuePair.Create(m.InBlock, (JsonNode?)m.Alpha))),
            ["lora_dropout"] = 0,
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["inference_mode"] = true,
        };
    }

    private sealed record Update(int First, int Rows, int Rank, float Scale, float[] Down, float[] Up);

    private sealed record Module(string Name, int Block, int Rank, double Alpha, float[] Down, float[] Up)
    {
        /// <summary>What stands behind the block's number, <c>blocks.0</c> or <c>encoder_layer_0</c>: the same in every block.</summary>
        public string InBlock
        {
            get
            {
                string number = Block.ToString(CultureInfo.InvariantCulture);
                string[] words = Name.Split('.');
                int place = Array.FindIndex(words, w => w == number || w.EndsWith("_" + number, StringComparison.Ordinal));
                return string.Join('.', words[(place + 1)..]);
            }
        }
    }
}
