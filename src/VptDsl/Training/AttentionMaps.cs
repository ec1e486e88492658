using VptDsl.Devices.Cpu;
using VptDsl.Programs;

namespace VptDsl.Training;

/// <summary>Where a vision transformer looks in an image, of its last layers, the mean of the heads.</summary>
internal sealed record AttentionMaps
{
    private const string PatchEmbedding = "patch_embed.proj.weight";

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
        List<(int Queries, int Tokens)> calls = [];
        Observe(device, program, image, (in AttentionCall call) => calls.Add((call.QueryRows, call.Segments[0].Rows)));
        int last = calls.Count - 1;
        if (last < 0 || calls[last].Tokens < grid.Count)
            throw NoPatches(program.Model);
        int lastOfPatches = calls.FindLastIndex(call => call.Queries == call.Tokens && call.Tokens >= grid.Count);
        AttentionWeights? ofOutput = null, ofPatches = null;
        int number = 0;
        Observe(device, program, image, (in AttentionCall call) =>
        {
            if (number == last || number == lastOfPatches)
            {
                var weights = AttentionWeights.Of(call);
                ofOutput = number == last ? weights : null;
                ofPatches = number == lastOfPatches ? weights : ofPatches;
            }

            number++;
        });
        int prefix = ofOutput!.Segments[0] - grid.Count;
        float[] mean = [.. Enumerable.Range(0, ofOutput.Keys).Select(key => Mean(ofOutput, key))];
        return new AttentionMaps
        {
            Grid = grid,
            OfOutput = mean[prefix..(prefix + grid.Count)],
            OnPrompts = mean[ofOutput.Segments[0]..],
            ByPrompt = ofPatches is null ? [] : [.. Enumerable.Range(0, ofPatches.Keys - ofPatches.Segments[0]).Select(prompt =>
                PatchesOn(ofPatches, ofPatches.Segments[0] + prompt, grid.Count))],
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

    private static float Mean(AttentionWeights weights, int key) =>
        Enumerable.Range(0, weights.Queries).Average(query => weights.Values[(query * weights.Keys) + key]);

    private static float[] PatchesOn(AttentionWeights weights, int key, int patches) =>
    [
        .. Enumerable.Range(weights.Queries - patches, patches).Select(query => weights.Values[(query * weights.Keys) + key]),
    ];

    private static PlaneSize GridOf(ModelDescription model) =>
        model.Parameters.FirstOrDefault(p => p.Name == PatchEmbedding && p.Shape.Length == 4) is { Shape: var shape }
            ? new PlaneSize(model.ImageSize.Height / shape[2], model.ImageSize.Width / shape[3])
            : throw NoPatches(model);

    private static ArgumentException NoPatches(ModelDescription model) => new(
        $"{model.Name} has no patches that attend to each other over the whole image: attention is shown of vision transformers.");
}
