namespace VptDsl.Tool.Shell;

/// <summary>The environment variable with what workers know and others do not: command lines are seen by everybody on a machine.</summary>
internal static class WorkerSecretVariable
{
    /// <summary>Its name.</summary>
    public const string Name = "VPTDSL_WORKER_SECRET";

    /// <summary>The secret.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static string Read() => Environment.GetEnvironmentVariable(Name) is { Length: > 0 } secret
        ? secret
        : throw new ArgumentException(
            $"Workers of other machines need a secret: set {Name} to the same text for all, at least 16 characters.");
}
