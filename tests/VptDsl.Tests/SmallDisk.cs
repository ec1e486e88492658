using System.ComponentModel;
using System.Diagnostics;
using VptDsl.Tests.Weights;

namespace VptDsl.Tests;

/// <summary>A disk of so many bytes, which only who may mount one has.</summary>
internal sealed class SmallDisk : IDisposable
{
    /// <summary>The file that takes the room.</summary>
    public const string Filling = "filling";

    private const int PageBytes = 4096;

    private readonly TempFolder _folder = new();

    /// <summary>A disk that is empty; the test is skipped where there can be none.</summary>
    /// <param name="bytes">Its size, which pages of memory fill.</param>
    public SmallDisk(long bytes)
    {
        bool isMounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", Root);
        if (!isMounted)
            _folder.Dispose();
        Skip.IfNot(isMounted, "Nobody but root mounts a disk in memory, on Linux.");
    }

    public string Root => _folder.Root;

    public IEnumerable<string> Files => _folder.Files;

    public string Path(string name) => _folder.Path(name);

    /// <summary>Leaves room for so many bytes, rounded up to pages.</summary>
    public void LeaveRoom(int bytes)
    {
        using FileStream filling = File.Create(Path(Filling), bufferSize: 0);
        byte[] page = new byte[PageBytes];
        try
        {
            while (true)
                filling.Write(page);
        }
        catch (IOException)
        {
            filling.SetLength(filling.Length - (long)Math.Ceiling(bytes / (double)PageBytes) * PageBytes);
        }
    }

    /// <summary>Lets nobody write any more.</summary>
    public void Protect() => Assert.True(Run("mount", "-o", "remount,ro", Root));

    public void Dispose()
    {
        Assert.True(Run("umount", "--lazy", Root));
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
