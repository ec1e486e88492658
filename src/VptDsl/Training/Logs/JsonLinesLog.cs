using System.Text;
using System.Text.Json;

namespace VptDsl.Training.Logs;

/// <summary>
/// A log as lines of JSON, an object for each step with <c>step</c> and its numbers by their names; null stands for what is no finite
/// number.
/// </summary>
/// <param name="path">The file; its directory must exist. One for each run.</param>
public sealed class JsonLinesLog(string path) : LineLog(path)
{
    private const string Step = "step";

    private protected override string? Header => null;

    private protected override string Beginning => $"{{\"{Step}\":";

    private protected override IEnumerable<string> Lines(int step, IReadOnlyList<LoggedValue> values)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber(Step, step);
            foreach ((string name, double value) in values)
            {
                if (double.IsFinite(value))
                    writer.WriteNumber(name, value);
                else
                    writer.WriteNull(name);
            }

            writer.WriteEndObject();
        }

        return [Encoding.UTF8.GetString(stream.ToArray())];
    }

    private protected override int? StepOf(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(Step, out JsonElement step) && step.TryGetInt32(out int number) ? number : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
