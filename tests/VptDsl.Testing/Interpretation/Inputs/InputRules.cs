using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Graph.Operations;
using VptDsl.Programs;

namespace VptDsl.Testing.Interpretation;

/// <summary>What comes into the graph from outside.</summary>
internal static class InputRules
{
    public static void ReadParameter(ReadParameter operation, Invocation call)
    {
        (Parameter parameter, long offset, Shape shape) = operation.Slice;
        if (!call.Graph.Parameters.TryGetValue(parameter.Name, out double[]? whole))
            throw new ArgumentException($"The inputs have no parameter {parameter.Name}.");
        if (whole.Length != parameter.Count)
            throw new ArgumentException($"{parameter.Name} has {parameter.Count} elements, not {whole.Length}.");
        Array.Copy(whole, offset, call.Outputs[0].Elements, 0, shape.Count);
    }

    public static void ReadImages(ReadImages operation, Invocation call)
    {
        double[] images = call.Outputs[0].Elements;
        if (call.Graph.Images.Length != images.Length)
        {
            string size = $"{operation.Channels}x{operation.Size}x{operation.Size}";
            throw new ArgumentException($"{call.Batch} images of {size} have {images.Length} elements, not {call.Graph.Images.Length}.");
        }

        call.Graph.Images.CopyTo(images, 0);
    }

    public static void ReadLabels(ReadLabels operation, Invocation call) =>
        call.Outputs[0].Fill((image, row, _) => call.Graph.Labels[(image * operation.Count) + row]);

    public static void ReadImageWeights(ReadImageWeights operation, Invocation call) =>
        call.Outputs[0].Fill((image, _, _) => call.Graph.ImageWeights.Length == 0 ? 1 : call.Graph.ImageWeights[image]);

    public static void ReadSoftening(ReadSoftening operation, Invocation call) => call.Outputs[0].Fill((image, _, column) =>
        call.Graph.Softening.Length == 0 ? 0 : call.Graph.Softening[(image * SofteningLayout.Columns) + column]);

    public static void ReadFeatures(ReadFeatures operation, Invocation call)
    {
        double[] features = call.Outputs[0].Elements;
        if (call.Graph.Features.Length != features.Length)
            throw new ArgumentException($"The graph reads {features.Length} features, not {call.Graph.Features.Length}.");
        call.Graph.Features.CopyTo(features, 0);
    }
}
