using System.Runtime.InteropServices;
using VptDsl.Testing;

namespace VptDsl.DeviceCheck.Tests;

/// <summary>Protects the routines on Arm64, whose vectors have 128 bits and whose conversions are other instructions.</summary>
public sealed class ArmTests : IDisposable
{
    private const string Emulator = "/usr/bin/qemu-aarch64-static", Libraries = "/usr/aarch64-linux-gnu";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vptdsl-arm-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void Golden_cases_of_every_family_pass_on_Arm64()
    {
        TestTier.RequireAll("A program is made for Arm64 and emulated");
        Skip.IfNot(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "Arm64 is emulated on Linux x64.");
        Skip.IfNot(
            File.Exists(Emulator) && File.Exists($"{Libraries}/lib/libstdc++.so.6"),
            "Arm64 is not emulated here: install qemu-user-static, libc6-arm64-cross and libstdc++6-arm64-cross.");
        string program = Publish();

        (int exitCode, string output) = DotNetProcess.Start(
            _folder.FullName,
            Emulator,
            // Written and run through two mappings, as .NET does otherwise, code stays for the emulator what it was before it was changed.
            new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0", ["DOTNET_EnableDiagnostics"] = "0" },
            "-L", Libraries, program, "golden", "--device", "cpu");

        Assert.True(exitCode == 0, output);
        Assert.Contains("128-bit vectors: 22 checks passed, 0 failed", output, StringComparison.Ordinal);
    }

    /// <summary>The program that was built, unchanged, with .NET for Arm64 around it.</summary>
    private string Publish()
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "Arm.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net{Environment.Version.ToString(2)}</TargetFramework>
                <RuntimeIdentifier>linux-arm64</RuntimeIdentifier>
                <SelfContained>true</SelfContained>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{AppContext.BaseDirectory}*.dll" />
                <Content Include="{AppContext.BaseDirectory}Golden/**" LinkBase="Golden" CopyToPublishDirectory="Always" />
                <Content Include="{AppContext.BaseDirectory}Torchvision/**" LinkBase="Torchvision" CopyToPublishDirectory="Always" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(
            Path.Combine(_folder.FullName, "Program.cs"),
            """return (int)System.Reflection.Assembly.Load("VptDsl.DeviceCheck").EntryPoint!.Invoke(null, [args])!;""");
        DotNetProcess.Run(_folder.FullName, "publish", "Arm.csproj", "--output", "app");
        return Path.Combine(_folder.FullName, "app", "Arm");
    }
}
