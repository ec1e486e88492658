using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace VptDsl.Tests.Training;

/// <summary>A user to whom the files of the tests do not belong, which only root can be meanwhile, on Linux.</summary>
internal static partial class OtherUser
{
    private const uint Nobody = 65534;

    /// <summary>Says what users may do to a file or a folder; the test is skipped where there can be no other user.</summary>
    public static void Let(string path, UnixFileMode mode)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Nobody but root becomes another user, on Linux.");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    /// <summary>Does something as that user.</summary>
    public static void Do(Action act)
    {
        ExceptionDispatchInfo? failure = null;
        // Of a thread, and not of the process: a thread of its own takes it along when it ends.
        var thread = new Thread(() =>
        {
            SetFileUser(Nobody);
            try
            {
                act();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);
}
