using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using VptDsl.Common;
using VptDsl.Data;
using VptDsl.Weights;

namespace VptDsl.Tasks;

/// <summary>The strings in a task file's header.</summary>
internal static partial class TaskMetadata
{
    /// <summary>The key of what kind of file it is.</summary>
    public const string FormatKey = "format";

    private const string Format = "vptdsl-task";
    private const string VersionKey = "version";
    private const int Version = 1;
    private const string DeclarationKey = "declaration";
    private const string AttributesKey = "attributes";
    private const string BackboneKey = "backbone_sha256";
    private const string ClassesKey = "class_names";
    private const string PipelineKey = "transform";

    private static readonly ClassNamesContext Readable = new(
        new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The strings that say this.</summary>
    public static Dictionary<string, string> Write(TaskInfo info)
    {
        var metadata = new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [VersionKey] = Version.ToString(CultureInfo.InvariantCulture),
            [DeclarationKey] = info.Declaration,
            [BackboneKey] = info.BackboneHash,
        };
        if (info.Attributes is { } attributes)
        {
            metadata[AttributesKey] = attributes;
        }

        if (info.ClassNames is { } names)
        {
            metadata[ClassesKey] = JsonSerializer.Serialize(names, Readable.ImmutableArrayString);
        }

        if (info.Pipeline is { } pipeline)
        {
            metadata[PipelineKey] = pipeline.ToString();
        }

        return metadata;
    }

    /// <summary>Whether a file says that it is a task file.</summary>
    public static bool IsTask(SafetensorsFile file) => file.Metadata.GetValueOrDefault(FormatKey) == Format;

    /// <summary>What the strings of a file say.</summary>
    /// <exception cref="WeightFileException">It is no task file, or of another version, or not what was written.</exception>
    public static TaskInfo Read(SafetensorsFile file)
    {
        if (!IsTask(file))
        {
            throw new WeightFileException(
                file.Path, "this is not a task file", "Give a file that SaveTask wrote; a backbone's weights are loaded with Load.");
        }

        string version = Get(file, VersionKey);
        if (version != Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new WeightFileException(
                file.Path,
                $"the task file is of version {Quoted.Name(version)}, but this library reads version {Version}",
                "Use the version of VptDsl that wrote it, or a later one.");
        }

        ContentHash.Check(file);
        return new TaskInfo(Get(file, DeclarationKey), Get(file, BackboneKey), ReadClassNames(file))
        {
            Attributes = file.Metadata.GetValueOrDefault(AttributesKey),
            Pipeline = ReadPipeline(file),
        };
    }

    private static string Get(SafetensorsFile file, string key) =>
        file.Metadata.TryGetValue(key, out string? value)
            ? value
            : throw SafetensorsFile.Broken(file.Path, $"the task file's header does not say its {key}");

    private static ImagePipeline? ReadPipeline(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(PipelineKey, out string? text))
        {
            return null;
        }

        try
        {
            return ImagePipeline.Parse(text);
        }
        catch (FormatException e)
        {
            throw SafetensorsFile.Broken(
                file.Path, $"the task file's {PipelineKey} cannot be read ({e.Message.TrimEnd('.')})", innerException: e);
        }
    }

    private static ImmutableArray<string>? ReadClassNames(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(ClassesKey, out string? json))
        {
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize(json, ClassNamesContext.Default.StringArray) is { } names && !names.Contains(null))
            {
                return [.. names.Select(name => name!)];
            }
        }
        catch (JsonException)
        {
            // Reported below, as is a list with something else in it.
        }

        throw SafetensorsFile.Broken(file.Path, $"the task file's {ClassesKey} are not a list of strings");
    }

    [JsonSerializable(typeof(ImmutableArray<string>))]
    [JsonSerializable(typeof(string?[]))]
    private sealed partial class ClassNamesContext : JsonSerializerContext;
}
