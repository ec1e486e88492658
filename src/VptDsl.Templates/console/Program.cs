using VptDsl;
using VptDsl.Data;
using VptDsl.Training;

// A folder of images has a folder for each class.
if (args.Length != 1)
{
    Console.Error.WriteLine("Say which folder of images: it has a folder for each class.");
    return 2;
}

using Device device = Device.Auto();
using Model tuner = Model.Load(device, "hf:timm/vit_base_patch16_224.augreg2_in21k_ft_in1k");
Console.WriteLine($"{tuner.Weights} on {device.Name}");

Normalization pixels = tuner.Weights!.Facts.Normalization?.Value
    ?? throw new InvalidOperationException("The weights do not say how images are normalised: write it here, as Normalization.Symmetric.");
PixelImages images = ImageFolder.Read(args[0], new ImagePipeline(pixels).Resize(tuner.Model.ImageSize));
(Subset train, Subset validation) = Split.Stratified(images, firstCount: images.Count * 4 / 5, seed: 0);
FitReport report = tuner.Fit(train, validation, new FitOptions { Epochs = 20, BaseLearningRate = 1 });
Console.WriteLine(report);
tuner.SaveTask("model.task");
return 0;

[Vit(VitSize.Base, Patch = 16)]
#if (prompts == "deep")
[DeepPrompt(Tokens = 50)]
#elif (prompts == "shallow")
[ShallowPrompt(Tokens = 50)]
#endif
[LinearHead]
internal sealed partial class Model;
