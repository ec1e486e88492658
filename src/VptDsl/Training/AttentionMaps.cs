using VptDsl.Devices.Cpu;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Where a vision transformer looks in an image, of its last layers, the mean of the heads.</summary>
internal sealed record AttentionMaps
{
    private const string PatchEmbedding = "patch_embed.proj.weight", PixelsAround = "prompts.tb";

    /// <summary>Rows and columns of patches.</summary>
    public required PlaneSize Grid { get; init; }

    /// <summary>
    /// [patches], how much each is attended to in the last layer by the tokens that are read of it: the class token, or the mean of those
    /// that are pooled.
    /// </summary>
    public required float[] OfOutput { get; init; }

    /// <summary>[prompts], how much the same tokens attend to each prompt of the last layer; empty without prompts there.</summary>
    public required float[] OnPrompts { get; init; }

    /// <summary>
    /// For each prompt [patches], how much each patch attends to it, in the last layer in which all patches attend; empty where that has no
    /// prompts.
    /// </summary>
    public required float[][] ByPrompt { get; init; }

    /// <summary>Looks on while an image is classified.</summary>
    /// <param name="program">A vision transformer on the CPU.</param>
    /// <param name="image">[channels, height, width], normalised.</param>
    /// <exception cref="ArgumentException">The model has no patch tokens that attend, or runs elsewhere.</exception>
    public static AttentionMaps Of(ModelProgram program, ReadOnlySpan<float> image)
    {
        if (program is not CompiledProgram { Computing: CpuProgramDevice device })
            throw new ArgumentException("Attention is looked on at on the CPU alone: give --device cpu.", nameof(program));
        PlaneSize grid = GridOf(program.Model);
        using DeviceTurn turn = program.TakeTurn();
        var calls = new AttentionCalls();
        Observe(device, program, image, calls.Note);
        (Range ofOutput, int? ofPatches) = calls.Find(grid.Count) ?? throw NoPatches(program.Model, "attends within windows alone");
        var output = new List<AttentionWeights>();
        AttentionWeights? patches = null;
        int number = 0, first = ofOutput.Start.Value;
        Observe(device, program, image, (in AttentionCall call) =>
        {
            if (number >= first || number == ofPatches)
            {
                var weights = AttentionWeights.Of(call);
                if (number >= first)
                    output.Add(weights);
                patches = number == ofPatches ? weights : patches;
            }

            number++;
        });
        int tokens = output[0].Segments[0], prefix = tokens - grid.Count;
        float[] mean = [.. Enumerable.Range(0, output[0].Keys).Select(key => Mean(output, key))];
        return new AttentionMaps
        {
            Grid = grid,
            OfOutput = mean[prefix..tokens],
            OnPrompts = mean[tokens..],
            ByPrompt = patches is null ? [] : [.. Enumerable.Range(patches.Segments[0], patches.Keys - patches.Segments[0]).Select(
                prompt => PatchesOn(patches, prompt, grid.Count))],
        };
    }

    private static void Observe(CpuProgramDevice device, ModelProgram program, ReadOnlySpan<float> image, AttentionObserver observer)
    {
        // Set again, so that frozen layers are computed again too.
        program.SetBatch(image, new int[program.LabelsOfImage]);
        device.AttentionObserver = observer;
        try
        {
            program.Infer();
        }
        finally
        {
            device.AttentionObserver = null;
        }
    }

    /// <summary>Over all tokens that are read, those of each segment.</summary>
    private static float Mean(List<AttentionWeights> weights, int key) => weights
        .SelectMany(part => Enumerable.Range(0, part.Queries).Select(query => part.Values[(query * part.Keys) + key])).Average();

    private static float[] PatchesOn(AttentionWeights weights, int key, int patches) =>
    [
        .. Enumerable.Range(weights.Queries - patches, patches).Select(query => weights.Values[(query * weights.Keys) + key]),
    ];

    private static PlaneSize GridOf(ModelDescription model)
    {
        if (model.Parameters.Any(p => p.Name == PixelsAround))
            throw NoPatches(model, "sees learned pixels around the image, and patches that are no part of it");
        return model.Parameters.FirstOrDefault(p => p.Name == PatchEmbedding && p.Shape.Length == 4) is { Shape: var shape }
            ? new PlaneSize(model.ImageSize.Height / shape[2], model.ImageSize.Width / shape[3])
            : throw NoPatches(model, "is a convolutional network, without attention");
    }

    private static ArgumentException NoPatches(ModelDescription model, string why) => new(
        $"{model.Name} {why}: attention is shown of vision transformers, whose patches attend to each other over the whole image.");
}
