using System.Diagnostics;
using VptDsl.EndToEnd.Tests.Golden;
using VptDsl.EndToEnd.Tests.Torchvision;
using Xunit.Sdk;

namespace VptDsl.DeviceCheck;

/// <summary>Golden cases on one device, with the tiles that users get: a case of each family of backbones, and SETR's decoders.</summary>
internal sealed class GoldenRun : GoldenAgreement
{
    private GoldenRun(OneDevice device)
        : base(device)
    {
    }

    /// <summary>The cases that there are.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. FamilyGoldenModels.Names, .. SegmentationAgreement.Names];

    /// <returns>How many checks failed.</returns>
    public static int Run(Device device, IEnumerable<string> cases)
    {
        using var shared = new OneDevice(device);
        var run = new GoldenRun(shared);
        int passed = 0, failed = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (string name in cases)
        {
            if (SegmentationAgreement.Names.Contains(name))
            {
                Check(name, "step", () => SegmentationAgreement.OfStep(name, device));
                Check(name, "statistics and inference", () => SegmentationAgreement.OfStatisticsAndInference(name, device));
            }
            else
            {
                Check(name, "step", () => run.StepAgrees(name));
                Check(name, "inference", () => run.InferenceAgrees(name));
                Check(name, "three steps", () => run.ThreeStepsAgree(name));
            }
        }

        Console.WriteLine(
            $"golden cases on {device.Name}: {passed} checks passed, {failed} failed, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
        return failed;

        void Check(string name, string what, Action check)
        {
            try
            {
                check();
                passed++;
            }
            catch (Exception e) when (e is XunitException or NotSupportedException or InvalidOperationException or ArgumentException)
            {
                failed++;
                Console.WriteLine($"FAILED {name}, {what}: {e.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    private sealed class OneDevice(Device device) : GoldenDevice(device, Load)
    {
        private static Tuner Load(string name, Device device, string backbone) =>
            FamilyGoldenModels.Load(name, device, backbone) ?? throw new ArgumentException($"No declaration for {name}.", nameof(name));
    }
}
