using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using VptDsl.Training;

namespace VptDsl.Tool.Commands;

/// <summary>A measurement for programs.</summary>
internal static class EvaluationJson
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line; null stands for what has no value, as the accuracy of a class without images.</summary>
    /// <param name="evaluation">The measurement.</param>
    /// <param name="names">The task's classes.</param>
    /// <param name="top">How many of the most probable classes an image's may be among.</param>
    public static string Of(Evaluation evaluation, IReadOnlyList<string> names, int top)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            writer.WriteStartObject();
            writer.WriteNumber("images", evaluation.Count);
            Write(writer, "meanLoss", evaluation.MeanLoss);
            Write(writer, "accuracy", evaluation.Accuracy);
            if (evaluation.MultiLabel is { } scores)
            {
                Write(writer, "meanAveragePrecision", scores.MeanAveragePrecision);
            }
            else
            {
                Write(writer, "balancedAccuracy", evaluation.BalancedAccuracy);
                writer.WriteNumber("top", top);
                Write(writer, "topAccuracy", evaluation.TopAccuracy(top));
            }

            writer.WriteStartArray("classes");
            for (int label = 0; label < names.Count; label++)
            {
                if (Inputs.IsUsed(names[label]))
                    WriteClass(writer, evaluation, label, names[label]);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteClass(Utf8JsonWriter writer, Evaluation evaluation, int label, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("class", name);
        if (evaluation.MultiLabel is { } scores)
        {
            writer.WriteNumber("images", scores.Count(label));
            Write(writer, "averagePrecision", scores.AveragePrecisionOf(label));
        }
        else
        {
            writer.WriteNumber("images", evaluation.Confusion.Count(label));
            Write(writer, "accuracy", evaluation.Confusion.Recall(label));
            Write(writer, "precision", evaluation.Confusion.Precision(label));
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
