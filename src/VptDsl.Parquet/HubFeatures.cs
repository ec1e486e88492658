using System.Collections.Immutable;
using System.Text.Json;

namespace VptDsl.Parquet;

/// <summary>What the datasets library says of a file's columns, in JSON under the key <c>huggingface</c>.</summary>
/// <param name="Images">The columns that hold images.</param>
/// <param name="ClassNames">The columns that hold classes, or lists of them, and the classes' names.</param>
internal sealed record HubFeatures(ImmutableHashSet<string> Images, ImmutableDictionary<string, ImmutableArray<string>> ClassNames)
{
    private const string Key = "huggingface";

    /// <summary>A file that says nothing.</summary>
    public static HubFeatures None { get; } = new([], ImmutableDictionary<string, ImmutableArray<string>>.Empty);

    /// <summary>Reads what a file says. What is no such JSON says nothing: the columns are there all the same.</summary>
    public static HubFeatures Of(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(Key, out string? text))
            return None;
        try
        {
            using var document = JsonDocument.Parse(text);
            HubFeatures said = None;
            foreach (JsonProperty feature in document.RootElement.GetProperty("info").GetProperty("features").EnumerateObject())
                said = said.With(feature.Name, ElementOf(feature.Value));
            return said;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return None;
        }
    }

    private HubFeatures With(string column, JsonElement feature) => TypeOf(feature) switch
    {
        "Image" => this with { Images = Images.Add(column) },
        "ClassLabel" when feature.TryGetProperty("names", out JsonElement names) && names.ValueKind == JsonValueKind.Array =>
            this with { ClassNames = ClassNames.SetItem(column, [.. names.EnumerateArray().Select(name => name.GetString()!)]) },
        _ => this,
    };

    /// <summary>What a list is of: written as <c>[feature]</c> or as <c>{"feature": …, "_type": "List"}</c>.</summary>
    private static JsonElement ElementOf(JsonElement feature) => feature switch
    {
        { ValueKind: JsonValueKind.Array } when feature.GetArrayLength() == 1 => feature[0],
        { ValueKind: JsonValueKind.Object } when feature.TryGetProperty("feature", out JsonElement element) => element,
        _ => feature,
    };

    private static string? TypeOf(JsonElement feature) =>
        feature.ValueKind == JsonValueKind.Object && feature.TryGetProperty("_type", out JsonElement type) ? type.GetString() : null;
}
