namespace VptDsl.EndToEnd.Tests.Torchvision;

/// <summary>
/// Protects segmentation against PyTorch, where the decoders are built as SETR's authors draw them: the map of channels is enlarged to the
/// image and the classes are told apart there, which must be the same as telling them apart before. Protects with it
/// <list type="bullet">
/// <item>the loss as the mean over all pixels of the batch that count, with a tenth of one image ignored and most of the other;</item>
/// <item>every gradient of prompts and decoder, through batch normalisation by the batch's own statistics;</item>
/// <item>the running statistics that a step leaves, unbiased variance and all, and inference that goes by them;</item>
/// <item>which layers MLA reads.</item>
/// </list>
/// make_segmentation_vectors.py beside this file writes the numbers.
/// </summary>
public sealed class SegmentationTorchTests
{
    public static TheoryData<string> Models => [.. SegmentationAgreement.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void Step_agrees_with_PyTorch(string name)
    {
        using Device device = Device.Cpu();
        SegmentationAgreement.OfStep(name, device);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Running_statistics_follow_a_step_and_decide_inference_as_in_PyTorch(string name)
    {
        using Device device = Device.Cpu();
        SegmentationAgreement.OfStatisticsAndInference(name, device);
    }
}
