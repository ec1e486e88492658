namespace VptDsl.Common;

/// <summary>Tells that somebody else has a file from whatever else may be wrong with it.</summary>
internal static class HeldFile
{
    /// <summary>Whether a file could not be opened because somebody else has it, as Windows, Linux and macOS say so.</summary>
    public static bool IsCauseOf(IOException e) => e.HResult is unchecked((int)0x80070020) or 11 or 35;
}
