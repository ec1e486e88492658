using System.ComponentModel;
using System.Diagnostics;

namespace Pretrain.Fonts;

/// <summary>Asks Debian's package manager which packages are installed, and which files they hold.</summary>
internal static class DebianFiles
{
    private const string Query = "dpkg-query";

    private static readonly string[] FontEndings = [".otf", ".ttc", ".ttf"];

    /// <summary>The font files of packages, in an order that does not depend on the machine.</summary>
    /// <exception cref="IOException">A package is not installed, or this is no Debian.</exception>
    public static string[] FontsOf(IReadOnlyList<FontPackage> packages)
    {
        string[] names = [.. packages.Select(package => package.Name)];
        Require(names);
        string[] files =
        [
            .. Ask(["--listfiles", .. names])
                .Where(path => FontEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                // Some packages put links to fonts of others where a program looks for them.
                .Where(path => new FileInfo(path) is { Exists: true, LinkTarget: null })
                .Distinct(StringComparer.Ordinal),
        ];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static void Require(string[] names)
    {
        HashSet<string> installed =
            [.. Ask(["--show", "--showformat=${db:Status-Status} ${Package}\n", .. names])
                .Where(line => line.StartsWith("installed ", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[1])];
        string[] missing = [.. names.Where(name => !installed.Contains(name))];
        if (missing.Length > 0)
        {
            throw new IOException(
                $"{missing.Length} of {names.Length} packages of fonts are not installed. Install them:{Environment.NewLine}"
                + $"sudo apt-get install --no-install-recommends {string.Join(' ', missing)}");
        }
    }

    private static string[] Ask(string[] arguments)
    {
        try
        {
            using Process query = Process.Start(
                new ProcessStartInfo(Query, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            // What it says of packages that it does not know is said better above; unread, it could fill the pipe.
            query.ErrorDataReceived += (_, _) => { };
            query.BeginErrorReadLine();
            string[] lines = query.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            query.WaitForExit();
            return lines;
        }
        catch (Win32Exception e)
        {
            throw new IOException(
                $"{Query} cannot be run: {e.Message} The fonts are those of Debian's packages; run this on Debian.", e);
        }
    }
}
