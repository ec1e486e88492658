using VptDsl.Programs;

namespace VptDsl.DeviceCheck;

/// <summary>ViT-B/16 tuned by 50 deep prompts.</summary>
[Vit(Image = 224, Patch = 16, Width = 768, Layers = 12, Heads = 12, Mlp = 3072)]
[DeepPrompt(Tokens = 50)]
[LinearHead(Classes = 102)]
internal sealed partial class DeepB16;

/// <summary>ViT-B/16 tuned by 50 shallow prompts.</summary>
[Vit(Image = 224, Patch = 16, Width = 768, Layers = 12, Heads = 12, Mlp = 3072)]
[ShallowPrompt(Tokens = 50)]
[LinearHead(Classes = 102)]
internal sealed partial class ShallowB16;

/// <summary>ViT-B/16 with a linear head.</summary>
[Vit(Image = 224, Patch = 16, Width = 768, Layers = 12, Heads = 12, Mlp = 3072)]
[LinearHead(Classes = 102)]
internal sealed partial class LinearB16;

/// <summary>ViT-B/16, everything trained.</summary>
[Vit(Image = 224, Patch = 16, Width = 768, Layers = 12, Heads = 12, Mlp = 3072)]
[TrainEverything]
[LinearHead(Classes = 102)]
internal sealed partial class FullB16;

/// <summary>A model of real size that is checked: ViT-B/16, tuned in one of four ways.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Create">Puts it on a device with drawn weights.</param>
internal sealed record CheckedModel(string Name, Func<Device, Tuner> Create)
{
    public static IReadOnlyList<CheckedModel> All { get; } =
    [
        new("deep", device => DeepB16.Create(device, seed: 1)),
        new("shallow", device => ShallowB16.Create(device, seed: 1)),
        new("linear", device => LinearB16.Create(device, seed: 1)),
        new("full", device => FullB16.Create(device, seed: 1)),
    ];

    /// <summary>Images and labels that are the same on every machine.</summary>
    public static (float[] Images, int[] Labels) Draw(ModelDescription model, int batch)
    {
        var random = new Random(1);
        float[] images = new float[batch * model.ImageFloats];
        foreach (ref float value in images.AsSpan())
            value = (float)((random.NextDouble() * 2) - 1);
        return (images, [.. Enumerable.Range(0, batch).Select(_ => random.Next(model.Classes))]);
    }
}
