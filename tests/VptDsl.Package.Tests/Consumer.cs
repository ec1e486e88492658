namespace VptDsl.Package.Tests;

/// <summary>A folder with a project of a user's, who has the package and nothing else of this repository.</summary>
internal sealed class Consumer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-package-");

    public Consumer(PackedLibrary library) =>
        // The package under test is unpacked here; everything else may come from where earlier builds left it.
        Write("nuget.config", $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="unpacked" />
              </config>
              <packageSources>
                <add key="packed" value="{library.Folder}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="earlier" value="{GlobalPackages()}" />
              </fallbackPackageFolders>
            </configuration>
            """);

    /// <summary>Writes the project.</summary>
    /// <param name="properties">Properties of its own.</param>
    /// <param name="sdk">What it is built with.</param>
    /// <param name="packages">The packages that it has beside the library's.</param>
    public void WriteProject(string properties, string sdk = "Microsoft.NET.Sdk", params string[] packages) => Write(
        "Consumer.csproj", $"""
        <Project Sdk="{sdk}">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="VptDsl" Version="{PackedLibrary.Version}" />
            {string.Concat(packages.Select(p => $"<PackageReference Include=\"{p}\" Version=\"{PackedLibrary.Version}\" />"))}
          </ItemGroup>
        </Project>
        """);

    public void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    /// <summary>Writes an image of one pixel, and the folders that it lies in.</summary>
    public void WriteImage(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Runs the .NET command line in the folder; it must succeed.</summary>
    public string DotNet(params string[] arguments) => DotNetProcess.Run(_folder.FullName, arguments);

    /// <summary>Runs the .NET command line in the folder; it must fail.</summary>
    public string DotNetFails(params string[] arguments)
    {
        (int exitCode, string output) = DotNetProcess.Start(_folder.FullName, "dotnet", new Dictionary<string, string>(), arguments);
        Assert.NotEqual(0, exitCode);
        return output;
    }

    /// <summary>Runs a program of the folder's; it must succeed.</summary>
    public string Run(string program, string argument, params (string Name, string Value)[] environment)
    {
        (int exitCode, string output) = DotNetProcess.Start(
            _folder.FullName, program, environment.ToDictionary(e => e.Name, e => e.Value), argument);
        Assert.True(exitCode == 0, $"'{program} {argument}' failed:\n{output}");
        return output;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Where packages lie that earlier builds restored.</summary>
    public static string GlobalPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
