namespace VptDsl.Training.Logs;

/// <summary>Writes to the file of a log.</summary>
internal static class LogFile
{
    /// <summary>Says what to do where a file cannot be written.</summary>
    /// <param name="write">Opens the file, or writes to it.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{e.Message.TrimEnd('.')}. Make room on the disk, or name another place for the log.", e);
        }
    }
}
