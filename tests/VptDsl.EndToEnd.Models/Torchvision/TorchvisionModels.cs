namespace VptDsl.EndToEnd.Models;

// Backbones of torchvision with pixels around the images.

[ConvNeXt(Image = 36, Depths = "1,2,1,1", Widths = "4,6,8,10")]
[PadPrompt(Pixels = 3, Start = PixelStart.Normal)]
[TrainEverything]
[LinearHead(Classes = 3)]
internal sealed partial class SmallConvNeXt;

[ResNet(Image = 36, Stem = 6, Depths = "1,2,1,1", Widths = "2,3,4,5")]
[PadPrompt(Pixels = 3, Start = PixelStart.Normal)]
[TrainEverything]
[LinearHead(Classes = 3)]
internal sealed partial class SmallBottlenecks;

[ResNet(Image = 36, Stem = 6, Depths = "2,1,1,2", Widths = "6,7,8,9", Expansion = 1)]
[PadPrompt(Pixels = 3, Start = PixelStart.Normal)]
[TrainEverything]
[LinearHead(Classes = 3)]
internal sealed partial class SmallBasicBlocks;

[Swin(Image = 16, Patch = 2, Width = 6, Depths = "2,1,2", Heads = "1,2,3", Window = 4)]
[PadPrompt(Pixels = 8, Start = PixelStart.Normal)]
[TrainEverything]
[LinearHead(Classes = 3)]
internal sealed partial class SmallSwin;
