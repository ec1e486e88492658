using System.Diagnostics;
using System.Net.Sockets;

namespace VptDsl.Tests.Weights;

/// <summary>Makes what lies among files and is none.</summary>
internal static class SpecialFiles
{
    /// <summary>What each is called, and how it is made at a path.</summary>
    public static TheoryData<string, Action<string>> Kinds => new()
    {
        { "a pipe", MakePipe },
        { "a socket", MakeSocket },
        { "a device", path => File.CreateSymbolicLink(path, "/dev/zero") },
    };

    /// <summary>A pipe that nobody writes to.</summary>
    public static void MakePipe(string path)
    {
        using Process command = Process.Start("mkfifo", [path]);
        command.WaitForExit();
        Assert.Equal(0, command.ExitCode);
    }

    private static void MakeSocket(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string made = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        socket.Bind(new UnixDomainSocketEndPoint(made));
        // Closing it deletes the name that it was bound to.
        File.Move(made, path);
    }
}
