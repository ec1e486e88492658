using System.Runtime.CompilerServices;
using System.Text;
using DiffEngine;
using Xunit.Sdk;

namespace VptDsl.Testing;

/// <summary>Compares text with a file that lies beside the test and was reviewed and committed, in the conventions of Verify.</summary>
/// <remarks>
/// The file is <c>Class.Method.hint.verified.extension</c>. Where the text differs, it is written to
/// <c>…received…</c> and the test fails; with the environment variable <c>VPTDSL_ACCEPT=1</c> it replaces the verified file instead.
/// </remarks>
public static class Snapshot
{
    /// <summary>The environment variable that accepts every snapshot.</summary>
    public const string AcceptVariable = "VPTDSL_ACCEPT";

    /// <summary>Fails unless the text is the verified one.</summary>
    /// <param name="text">The text; its line ends do not matter.</param>
    /// <param name="hint">Tells the snapshots of one test apart; may be empty.</param>
    /// <param name="extension">The extension of the file, without a dot.</param>
    /// <param name="testFile">Filled in by the compiler; it names the class and the folder.</param>
    /// <param name="testMethod">Filled in by the compiler.</param>
    public static void Match(
        string text,
        string hint = "",
        string extension = "txt",
        [CallerFilePath] string testFile = "",
        [CallerMemberName] string testMethod = "") =>
        Match(
            text,
            SnapshotFile.Of(testFile, testMethod, hint, extension),
            accept: Environment.GetEnvironmentVariable(AcceptVariable) == "1",
            showDifference: ShowDifference);

    internal static void Match(string text, SnapshotFile file, bool accept, Action<SnapshotFile> showDifference)
    {
        string received = Normalise(text);
        string? verified = File.Exists(file.Verified) ? Normalise(File.ReadAllText(file.Verified)) : null;
        if (received == verified)
        {
            File.Delete(file.Received);
            return;
        }

        Write(file.Received, received);
        if (accept)
        {
            File.Move(file.Received, file.Verified, overwrite: true);
            return;
        }

        showDifference(file);
        throw new XunitException(Describe(file, verified, received));
    }

    private static string Describe(SnapshotFile file, string? verified, string received)
    {
        string difference = verified is null ? "There is no verified file yet." : SnapshotDifference.Describe(verified, received);
        return $"""
            The text is not the verified one.
            Verified: {file.Verified}
            Received: {file.Received}
            {difference}
            To accept what was received, rename that file, or run the tests with {AcceptVariable}=1.
            """;
    }

    private static string Normalise(string text) => text.ReplaceLineEndings("\n");

    private static void Write(string path, string text)
    {
        string beside = path + ".tmp";
        using (var stream = new FileStream(beside, FileMode.Create))
        {
            stream.Write(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Opens a diff tool where somebody sits in front of the screen.</summary>
    private static void ShowDifference(SnapshotFile file)
    {
        bool hasScreen = OperatingSystem.IsWindows()
            || OperatingSystem.IsMacOS()
            || Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
        if (hasScreen && Environment.UserInteractive && !BuildServerDetector.Detected && !DiffRunner.Disabled)
            DiffRunner.Launch(file.Received, file.Verified);
    }
}
