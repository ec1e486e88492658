using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace VptDsl.EndToEnd.Tests;

/// <summary>Protects what users get: a project that references nothing but the package declares a model, trains it and saves the task.</summary>
public sealed class PackageTests : IDisposable
{
    /// <summary>No published version, so that the package can come from nowhere but the folder it is packed into.</summary>
    private const string Version = "0.0.0-packagetest";

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-package-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_project_with_the_package_alone_declares_a_model_trains_it_and_saves_the_task()
    {
        string package = Pack();
        Assert.Equal(
            ["analyzers/dotnet/cs/VptDsl.Compiler.dll", "analyzers/dotnet/cs/VptDsl.Generators.dll", "lib/net10.0/VptDsl.dll"],
            Assemblies(package));

        WriteProject();
        string output = DotNet(_folder.FullName, "run", "--project", "Consumer.csproj");

        // 2 layers of 2 prompts and a head for 3 classes, all 16 wide; the task file has a header on top.
        Assert.Equal(
            ["trainable 115", "backbone 7472", "task 460", "epochs 2", "finite True", "reloaded True", "file True"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Contains(
            Directory.EnumerateFiles(Path.Combine(_folder.FullName, "obj"), "*.g.cs", SearchOption.AllDirectories),
            path => path.Contains("VptDsl.Generators", StringComparison.Ordinal));
    }

    /// <summary>Packs what the tests were built against, so that nothing is built twice and no file in use is replaced.</summary>
    private string Pack()
    {
        string project = Path.Combine(FindRoot(), "src", "VptDsl", "VptDsl.csproj");
        DotNet(
            _folder.FullName,
            "pack", project, "--no-build", "-p:BuildProjectReferences=false", "--configuration", Configuration, "--output", "packages",
            $"-p:PackageVersion={Version}");
        return Path.Combine(_folder.FullName, "packages", $"VptDsl.{Version}.nupkg");
    }

    private static IEnumerable<string> Assemblies(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(e => e.FullName).Where(n => n.EndsWith(".dll", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private void WriteProject()
    {
        Write("Consumer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="VptDsl" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        // The package under test is unpacked here; everything else may come from where earlier builds left it.
        Write("nuget.config", $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="unpacked" />
              </config>
              <packageSources>
                <add key="packed" value="packages" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="earlier" value="{GlobalPackages()}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        Write("Program.cs", """
            using VptDsl;
            using VptDsl.Data;
            using VptDsl.Training;

            var random = new Random(1);
            float[] images = Enumerable.Range(0, 12 * TinyTuner.Channels * TinyTuner.ImageSize * TinyTuner.ImageSize).Select(_ => random.NextSingle() * 4 - 2).ToArray();
            int[] labels = Enumerable.Range(0, 12).Select(i => i % TinyTuner.Classes).ToArray();
            var train = ImageSet.FromFloats(new ImageShape(TinyTuner.Channels, TinyTuner.ImageSize, TinyTuner.ImageSize), images, labels, ["a", "b", "c"]);

            using var device = Device.Cpu();
            using var tuner = TinyTuner.Create(device, seed: 1);
            var report = tuner.Fit(train, options: new FitOptions { Epochs = 2, BatchSize = 4 });
            tuner.SaveTask("tiny.task.safetensors");
            tuner.SaveBackbone("tiny.safetensors");
            using var again = TinyTuner.Load(device, "tiny.safetensors", seed: 2);
            again.LoadTask("tiny.task.safetensors");

            Console.WriteLine($"trainable {TinyTuner.TrainableParameters}");
            Console.WriteLine($"backbone {TinyTuner.BackboneParameters}");
            Console.WriteLine($"task {TinyTuner.TaskBytes}");
            Console.WriteLine($"epochs {report.Epochs.Length}");
            Console.WriteLine($"finite {report.Epochs.All(e => double.IsFinite(e.TrainLoss))}");
            Console.WriteLine($"reloaded {tuner.Predict(images).SequenceEqual(again.Predict(images))}");
            Console.WriteLine($"file {new FileInfo("tiny.task.safetensors").Length > TinyTuner.TaskBytes}");

            [Vit(Width = 16, Layers = 2, Heads = 2, Patch = 4, Image = 8)]
            [DeepPrompt(Tokens = 2)]
            [LinearHead(Classes = 3)]
            internal sealed partial class TinyTuner;
            """);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private static string GlobalPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string DotNet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A test run tells its children which SDK and which build it belongs to; this build is one of its own.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        // Build servers would outlive the test and hold its folder open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'dotnet {string.Join(' ', arguments)}' did not end within {Patience}.");
        }

        Assert.True(process.ExitCode == 0, $"'dotnet {string.Join(' ', arguments)}' failed:\n{output.Result}\n{errors.Result}");
        return output.Result;
    }

    private static string FindRoot([CallerFilePath] string file = "")
    {
        DirectoryInfo? folder = new FileInfo(file).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VptDsl.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"VptDsl.sln was not found above '{file}'.");
    }
}
