using System.Runtime.CompilerServices;

namespace VptDsl.Package.Tests;

/// <summary>
/// The packages, packed of what the tests were built with and once for all of them: nothing is built twice, and no file in use is replaced.
/// </summary>
public sealed class PackedLibrary
{
    /// <summary>No published version, so that the package can come from nowhere but the folder it is packed into.</summary>
    public const string Version = "0.0.0-packagetest";

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>What is packed.</summary>
    public static readonly string[] Packages =
        ["VptDsl", "VptDsl.Onnx", "VptDsl.Orleans", "VptDsl.Parquet", "VptDsl.Serving", "VptDsl.Templates", "VptDsl.Tool"];

    /// <summary>Whether it was built for who debugs it on this machine (Directory.Build.props).</summary>
    public static bool IsForDebugging => Configuration == "Debug" && Environment.GetEnvironmentVariable("CI") != "true";

    private static readonly Lazy<DirectoryInfo> Packed = new(Pack);

    /// <summary>The folder that it lies in.</summary>
    public string Folder { get; } = Packed.Value.FullName;

    /// <summary>The file of the library's package.</summary>
    public string File => FileOf("VptDsl");

    /// <summary>A package's file.</summary>
    public string FileOf(string package) => Path.Combine(Folder, $"{package}.{Version}.nupkg");

    private static DirectoryInfo Pack()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("vptdsl-packed-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        foreach (string name in Packages)
        {
            string project = Path.Combine(FindRoot(), "src", name, $"{name}.csproj");
            DotNetProcess.Run(
                folder.FullName,
                "pack", project, "--no-build", "-p:BuildProjectReferences=false", "--configuration", Configuration, "--output",
                folder.FullName,
                $"-p:PackageVersion={Version}");
        }

        return folder;
    }

    public static string FindRoot([CallerFilePath] string file = "")
    {
        DirectoryInfo? folder = new FileInfo(file).Directory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "VptDsl.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"VptDsl.sln was not found above '{file}'.");
    }
}
