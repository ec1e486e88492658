namespace VptDsl.Tool.Shell;

/// <summary>Standard error, which may have gone away with its terminal.</summary>
internal static class Errors
{
    /// <summary>Writes a line, if anybody can read it.</summary>
    public static void Say(string line)
    {
        try
        {
            Console.Error.WriteLine(Printable.OfLines(line));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
