using System.Text.Json;
using System.Text.Json.Serialization;

namespace VptDsl.Orleans;

/// <summary>
/// Which cluster: where its silos find each other, and where sweeps are kept. The same for silos and for those that ask them.
/// </summary>
public sealed record ClusterSettings
{
    private const string UsualCluster = "vptdsl";

    // Not initialised alone: generated code that reads JSON would then set what a file leaves out to nothing.

    /// <summary>Where members and sweeps are kept.</summary>
    public ClusterStore Store { get; set; } = ClusterStore.Folder;

    /// <summary>
    /// The folder of <see cref="ClusterStore.Folder"/> and <see cref="ClusterStore.Embedded"/>; made where it is missing.
    /// </summary>
    public string Folder { get; set; } = "";

    /// <summary>How Redis or PostgreSQL is reached, in the words of StackExchange.Redis or Npgsql.</summary>
    public string Connection { get; set; } = "";

    /// <summary>
    /// The variable of the environment that <see cref="Connection"/> is taken from, where it has a password; empty for none.
    /// </summary>
    public string ConnectionVariable { get; set; } = "";

    /// <summary>
    /// Tells clusters in one store apart; <c>vptdsl</c> unless set. In a folder, each other cluster has a folder of its own in it.
    /// </summary>
    public string Cluster { get; set; } = UsualCluster;

    /// <summary>Seconds for which a silo may be silent before its runs are given to others; at least 1, 15 unless set.</summary>
    public double DeadAfterSeconds { get; set; } = 15;

    /// <summary>How silos and their clients know each other; left out, anybody who reaches a silo is believed.</summary>
    public ClusterTls? Tls { get; set; }

    /// <summary>
    /// Reads the settings of a cluster: a JSON file with the properties of this class (<c>"store": "redis"</c>), or a folder that all silos
    /// see.
    /// </summary>
    /// <param name="path">The file, or the folder, which may be missing.</param>
    /// <exception cref="IOException">The file cannot be read or says what makes no sense.</exception>
    public static ClusterSettings Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            return Path.GetExtension(path) != ".json"
                ? new ClusterSettings { Folder = Path.GetFullPath(path) }
                : throw new FileNotFoundException(
                    $"{path}: there is no such file. Name a JSON file with the cluster's settings, or a folder that all silos see.", path);
        }

        try
        {
            ClusterSettings settings = JsonSerializer.Deserialize(File.ReadAllBytes(path), ClusterSettingsContext.Default.ClusterSettings)
                ?? throw new IOException($"{path}: there are no settings in it.");
            if (settings.Folder.Length > 0)
                settings = settings with { Folder = Path.GetFullPath(settings.Folder, Path.GetDirectoryName(Path.GetFullPath(path))!) };
            return settings.Problem() is { } problem ? throw new IOException($"{path}: {problem}.") : settings;
        }
        catch (Exception e) when (e is JsonException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{path}: {e.Message.TrimEnd('.')}. "
                + "It holds settings such as { \"store\": \"redis\", \"connection\": \"redis:6379\" }.",
                e);
        }
    }

    /// <summary>The store and the name of the cluster; no connection, which may have a password.</summary>
    public override string ToString() => Store switch
    {
        ClusterStore.Folder or ClusterStore.Embedded => $"{Cluster} in {Folder}",
        _ => $"{Cluster} in {Store}",
    }
    + (Tls is null ? "" : ", TLS");

    /// <summary>The part of the folder that is this cluster's alone.</summary>
    internal string OwnFolder => Cluster == UsualCluster ? Folder : Path.Combine(Folder, $"cluster-{Uri.EscapeDataString(Cluster)}");

    /// <summary>What makes no sense; null if all does.</summary>
    internal string? Problem() => this switch
    {
        _ when !Enum.IsDefined(Store) => "store is none of embedded, folder, redis and postgreSql",
        _ when string.IsNullOrWhiteSpace(Cluster) => "cluster is blank: name it",
        _ when !(DeadAfterSeconds >= 1 && DeadAfterSeconds <= 3600) => "deadAfterSeconds must be at least 1 and at most 3600",
        { Store: ClusterStore.Folder or ClusterStore.Embedded, Folder: "" } => "folder is missing: name one that all silos see",
        { Store: ClusterStore.Redis or ClusterStore.PostgreSql, Connection: "", ConnectionVariable: "" } =>
            "connection is missing: say how the store is reached, or name a variable of the environment that says it",
        _ when Tls is { Certificate: "" } or { Key: "" } or { Authority: "" } => "tls needs certificate, key and authority",
        _ => null,
    };

    /// <summary>How the store is reached.</summary>
    /// <exception cref="InvalidOperationException">The variable that says it is not set.</exception>
    internal string ReadConnection()
    {
        if (ConnectionVariable.Length == 0)
            return Connection;
        return Environment.GetEnvironmentVariable(ConnectionVariable) is { Length: > 0 } stated
            ? stated
            : throw new InvalidOperationException(
                $"The variable {ConnectionVariable} is not set, which says how {Store} is reached: set it.");
    }
}

/// <summary>Where a cluster keeps its members and its sweeps.</summary>
public enum ClusterStore
{
    /// <summary>In a folder that all silos see, on one machine.</summary>
    Folder,

    /// <summary>One silo in the process that asks it; sweeps are kept in a folder.</summary>
    Embedded,

    /// <summary>In Redis.</summary>
    Redis,

    /// <summary>In PostgreSQL, whose tables are made where they are missing.</summary>
    PostgreSql,
}

/// <summary>How silos, and who asks them, know each other: each shows a certificate of one authority.</summary>
public sealed record ClusterTls
{
    /// <summary>The certificate in PEM.</summary>
    public required string Certificate { get; init; }

    /// <summary>Its private key in PEM.</summary>
    public required string Key { get; init; }

    /// <summary>The certificate of the authority that signed all of them, in PEM; no other is believed.</summary>
    public required string Authority { get; init; }

    /// <summary>The files.</summary>
    public override string ToString() => $"{Certificate}, signed by {Authority}";
}

/// <summary>How settings are written.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip, UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ClusterSettings))]
internal sealed partial class ClusterSettingsContext : JsonSerializerContext;
