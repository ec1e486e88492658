using System.Text.Json;

namespace VptDsl.Weights;

/// <summary>The JSON files in a weight file's folder that describe its model, as the Hugging Face hub and timm lay them out.</summary>
internal static class ConfigurationFiles
{
    private const int MostBytes = 1 << 22;

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    // Those that say how images are read, then the one that says what the model is.
    private static readonly string[] Names = ["preprocessor_config.json", "processor_config.json", "config.json"];

    /// <summary>What the files beside a weight file say; those of another model are passed over with a remark.</summary>
    /// <exception cref="WeightFileException">One is no JSON, or says something that makes no sense.</exception>
    public static CheckpointFacts Read(IWeightSource source)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(source.Path))!;
        Configuration[] found =
        [
            .. Names.Select(name => Path.Combine(folder, name)).Where(File.Exists).Select(Open).OfType<Configuration>(),
        ];
        return found.Select(configuration =>
            configuration.Contradiction(source.Tensors)).FirstOrDefault(text => text is not null) is { } contradiction
            ? new CheckpointFacts
            {
                Remarks =
                [
                    $"{contradiction}: what its folder has of {string.Join(" and ", found.Select(configuration => configuration.Name))} is "
                        + "about another model, and is not used.",
                ],
            }
            : found.Aggregate(new CheckpointFacts(), (facts, configuration) => facts.Or(configuration.Facts()));
    }

    private static Configuration? Open(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
                throw Unreadable(path, $"it has more than {MostBytes} bytes");
            ReadOnlySpan<byte> mark = [0xef, 0xbb, 0xbf];
            byte[] text = File.ReadAllBytes(path);
            using var document = JsonDocument.Parse(text.AsMemory(text.AsSpan().StartsWith(mark) ? mark.Length : 0), Lenient);
            RequireUnicode(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new Configuration(path, document.RootElement.Clone()) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unreadable(path, $"it is not valid JSON ({e.Message.TrimEnd('.')})", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unreadable(path, "it may not be read", e);
        }
    }

    /// <summary>An escape such as <c>\ud800</c> stands for half a character, which is found where a string is taken.</summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    private static void RequireUnicode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                    RequireUnicode(item);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    _ = property.Name;
                    RequireUnicode(property.Value);
                }

                break;
        }
    }

    private static WeightFileException Unreadable(string path, string problem, Exception? inner = null) => new(
        path, $"the file lies beside weights and describes them, but {problem}",
        "Download it again, or move it away if it is about something else.",
        innerException: inner);
}
