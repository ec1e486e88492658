namespace VptDsl.Tool.Shell;

/// <summary>What a program says to the shell when it ends. After a signal it is 128 and the signal's number, as shells have it.</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>What was asked for could not be done.</summary>
    public const int Failure = 1;

    /// <summary>The command cannot be understood; nothing was begun.</summary>
    public const int Usage = 2;

    /// <summary>The program itself is wrong.</summary>
    public const int Bug = 70;
}
