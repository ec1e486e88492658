using VptDsl.Compiler.Common;
using VptDsl.Compiler.Graph;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;

namespace VptDsl.Compiler.Emit;

/// <summary>
/// Emits what the runtime must know of a model: its parameters, and the sizes and places in memory that the compiler decided.
/// </summary>
internal static class DescriptionEmitter
{
    /// <param name="spec">The model.</param>
    /// <param name="model">What the compiler made of it.</param>
    /// <param name="precision">What its kernels for tensor cores multiply; null where it has none.</param>
    public static string Emit(ModelSpec spec, CompiledModel model, Precision? precision)
    {
        var writer = new SourceWriter();
        FileHeader.WriteClosed(writer, spec.Type.ClosedNamespace, "VptDsl.Programs");
        writer.Summary($"What {spec.Type.PlainName} is made of, and where it lies in memory.");
        writer.Line(GeneratedAttributes.Text);
        using (writer.Block("internal static class Description"))
        {
            EmitLayout(writer, model);
            writer.Line();
            EmitDescription(writer, spec, model, precision);
        }

        return writer.ToString();
    }

    private static void EmitLayout(SourceWriter writer, CompiledModel model)
    {
        writer.Summary("Sizes of arenas and places in them, in floats: for the whole batch, and for each image of it.");
        using (writer.Block("public static ProgramLayout Layout { get; } = new()", close: "};"))
        {
            if (model.Folding is { } folding)
            {
                writer.Line($"Folding = {Size(folding)},");
                writer.Line($"FoldedFloats = {model.Parameters.FoldedFloats},");
            }

            if (model.Encoding is { } encoding)
            {
                writer.Line($"Encoding = {Size(encoding)},");
                writer.Line($"FeatureFloats = {model.Features!.Count},");
            }

            if (model.NoisyPlaces > 0)
                writer.Line($"NoisyPlaces = {model.NoisyPlaces},");
            writer.Line($"EmbeddingFloats = {model.EmbeddingFloats},");
            writer.Line($"Training = {Size(model.Training)},");
            writer.Line($"Inference = {Size(model.Inference)},");
            writer.Line($"TrainingLogits = {Place(model.Training.Logits!)},");
            writer.Line($"TrainingLosses = {Place(model.Training.Losses!)},");
            if (model.Training.Correct is { } correct)
                writer.Line($"TrainingCorrect = {Place(correct)},");
            writer.Line($"InferenceLogits = {Place(model.Inference.Logits!)},");
            if (model.Mixed is { } mixed)
            {
                writer.Line($"Mixed = {Size(mixed)},");
                writer.Line($"MixedLogits = {Place(mixed.Logits!)},");
            }

            writer.Line($"FirstBias = {model.Parameters.FirstBias},");
            writer.Line($"HeadBias = {model.Parameters.HeadBias},");
        }
    }

    private static void EmitDescription(SourceWriter writer, ModelSpec spec, CompiledModel model, Precision? precision)
    {
        ParameterPlan parameters = model.Parameters;
        writer.Summary("The parameters, in the order of their memory.");
        using (writer.Block("public static ModelDescription Create() => new()", close: "};"))
        {
            writer.Line($"Name = \"{spec.Type.PlainName}\",");
            writer.Line($"Declaration = {SourceWriter.Literal(spec.Identity)},");
            writer.Line($"Channels = {spec.Backbone.Channels},");
            writer.Line($"ImageSize = {spec.Backbone.Image.Code},");
            writer.Line($"Classes = {spec.Head.Classes},");
            if (spec.Head.LabelsPerImage(spec.Backbone) is not 1 and var labels)
                writer.Line($"LabelsPerImage = {labels},");
            if (spec.Head.IsMultiLabel)
                writer.Line("IsMultiLabel = true,");
            if (spec.Head.IgnoredLabel is { } ignored)
                writer.Line($"IgnoredLabel = {ignored},");
            if (precision is { } multiplied)
                writer.Line($"Precision = global::VptDsl.Precision.{multiplied},");
            if (model.PacksSaved)
                writer.Line("SavedActivations = global::VptDsl.Precision.BFloat16,");
            BackboneTraits traits = spec.Backbone.Traits;
            writer.Line($"Traits = new([{string.Join(", ", traits.Heads)}], {InvariantNumbers.Shortest(traits.Epsilon)}, "
                + $"\"{traits.Activation}\"),");
            writer.Line("Parameters =");
            writer.Line("[");
            foreach (Parameter parameter in parameters.Parameters)
            {
                string shape = string.Join(", ", parameter.TensorShape);
                string initializer =
                    $"new(Distribution.{parameter.Initializer.Distribution}, {SourceWriter.Literal(parameter.Initializer.Value)})";
                string trained = parameter.Trained ? "true" : "false";
                string measured = parameter.Measured ? " { IsMeasured = true }"
                    : parameters.IsInPairs(parameter) ? " { Storage = global::VptDsl.WeightStorage.BFloat16 }"
                    : parameter.Grid is { } grid ? $" {{ Grid = new({grid.Prefix}, {grid.Height}, {grid.Width}) }}"
                    : "";
                writer.Indented($"new(\"{parameter.Name}\", [{shape}], ParameterKind.{parameter.Kind}, {trained}, "
                    + $"{parameters.OffsetOf(parameter)}, {initializer}){measured},");
            }

            writer.Line("],");
        }
    }

    private static string Size(ProgramPlan plan) => $"new({plan.SharedFloats}, {plan.FloatsPerImage})";

    private static string Place(Address address) => $"new({address.Fixed}, {address.PerImage})";
}
