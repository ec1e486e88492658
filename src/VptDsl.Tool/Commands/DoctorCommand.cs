using System.CommandLine;
using System.Runtime.InteropServices;
using VptDsl.Common;
using VptDsl.Tool.Models;

namespace VptDsl.Tool.Commands;

/// <summary>Says what this machine has for training, and what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command(
            "doctor", "Says which devices there are and why not others, how wide the processor's vectors are, and how much memory.");
        command.SetAction(_ =>
        {
            string system = $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})";
            Say("VptDsl", $"{LibraryVersion.OfPackages}, .NET {Environment.Version}, {system}");
            using (Device cpu = Device.Cpu())
                Say("CPU", cpu.Name["CPU, ".Length..]);
            foreach (DeviceFinding finding in Device.Survey())
                Say(finding.Kind, finding.Name ?? $"{(finding.IsFault ? "does not work" : "none")}: {finding.Reason}");
            GCMemoryInfo memory = GC.GetGCMemoryInfo();
            Say("memory", FormattableString.Invariant(
                $"{memory.TotalAvailableMemoryBytes / 1e9:F1} GB for this process"));
            Say("models", Directory.Exists(ModelCache.Folder)
                ? FormattableString.Invariant($"{Directory.GetFiles(ModelCache.Folder, "*.dll").Length} compiled in {ModelCache.Folder}")
                : $"none compiled yet; they will be kept in {ModelCache.Folder}");
        });
        return command;
    }

    private static void Say(string what, string text) => Console.WriteLine($"{what,-8} {Printable.Of(text)}");
}
