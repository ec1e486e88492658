using VptDsl.Compiler.Emit.Kernels;
using VptDsl.Compiler.Planning;
using VptDsl.Compiler.Spec;
using VptDsl.Programs;

namespace VptDsl.Compiler.Emit;

/// <summary>Emits what a user sees of a model: its constants, how it is loaded, and its description for the runtime.</summary>
internal static class SurfaceEmitter
{
    /// <param name="spec">The model.</param>
    /// <param name="model">What the compiler made of it.</param>
    /// <param name="scratch">What its kernels need to hand results on.</param>
    public static string Emit(ModelSpec spec, CompiledModel model, ScratchSize scratch)
    {
        var writer = new SourceWriter();
        FileHeader.WriteOpen(writer, spec.Type.Namespace);
        if (!spec.Type.HasSummary)
            writer.Summary(spec.Describe());
        using (writer.Block($"partial class {spec.Type.Name}{(spec.Type.HasBase ? "" : $" : global::VptDsl.{spec.Head.TunerType}")}"))
        {
            EmitConstants(writer, spec, model, scratch);
            EmitConstruction(writer, spec);
        }

        return writer.ToString();
    }

    private static void EmitConstants(SourceWriter writer, ModelSpec spec, CompiledModel model, ScratchSize scratch)
    {
        ParameterPlan parameters = model.Parameters;
        long backbone = parameters.Parameters.Where(p => p.Kind == ParameterKind.Backbone).Sum(p => p.Count);
        PlaneSize image = spec.Backbone.Image;
        if (image.IsSquare)
            Constant("int", "ImageSize", image.Height, "Height and width of an image in pixels.");
        Constant("int", "ImageHeight", image.Height, "Height of an image in pixels.");
        Constant("int", "ImageWidth", image.Width, "Width of an image in pixels.");
        Constant("int", "Channels", spec.Backbone.Channels, "Colour channels of an image.");
        Constant("int", "Classes", spec.Head.Classes, "The most classes that a task may have.");
        Constant(
            "long",
            "TrainableParameters",
            parameters.TrainedFloats,
            $"The parameters that training changes: {SourceWriter.Count(parameters.TrainedFloats)}.");
        Constant("long", "BackboneParameters", backbone, $"The parameters of the backbone: {SourceWriter.Count(backbone)}.");
        Constant(
            "long",
            "TaskBytes",
            4 * (parameters.TrainedFloats + parameters.MeasuredFloats),
            "The bytes of the parameters in the file of a task with as many classes as may be; its header comes on top.");

        if (model.Features is { } features)
        {
            Constant("long", "FeatureBytes", 4 * features.Count,
                $"The bytes of an image's features, {features.Rows} × {features.Columns}: what the frozen layers make of it, "
                    + "once for all epochs.");
        }

        writer.Summary("What the compiler removed from a training step, and why that changes no result: a table in plain text.");
        writer.Line("public const string Explanation =");
        writer.Indented("\"\"\"\n" + model.Explanation + "\"\"\";").Line();

        EmitBytes("StepBytes", "a training step", model.Training);
        EmitBytes("InferenceBytes", "inference", model.Inference);
        writer.Summary("The memory in which a GPU's kernels hand results on to each other, in bytes, on top of what they compute in; "
            + "the CPU needs none.");
        writer.Line("/// <param name=\"batch\">The images of a batch.</param>");
        writer.Line(GeneratedAttributes.Text);
        writer.Line($"public static long ScratchBytes(int batch) => 4 * ({scratch.Text("batch")});").Line();

        void EmitBytes(string name, string what, ProgramPlan plan)
        {
            var largerPerhaps = new[] { model.Encoding, model.Folding }.OfType<ProgramPlan>()
                .Where(o => o.SharedFloats > plan.SharedFloats || o.FloatsPerImage > plan.FloatsPerImage);
            string most = largerPerhaps.Select(Floats)
                .Aggregate((string?)null, (most, floats) => $"global::System.Math.Max({most ?? Floats(plan)}, {floats})")
                ?? $"({Floats(plan)})";
            writer.Summary($"The device memory that {what} computes in, in bytes, without parameters and images.");
            writer.Line("/// <param name=\"batch\">The images of a batch.</param>");
            writer.Line(GeneratedAttributes.Text);
            writer.Line($"public static long {name}(int batch) => 4 * {most};").Line();
        }

        string Floats(ProgramPlan plan)
        {
            long shared = parameters.FoldedFloats + plan.SharedFloats;
            return plan.FloatsPerImage == 0 ? SourceWriter.Literal(shared) : $"{shared} + (batch * {plan.FloatsPerImage}L)";
        }

        void Constant(string type, string name, long value, string summary)
        {
            writer.Summary(summary);
            writer.Line($"public const {type} {name} = {SourceWriter.Literal(value)};").Line();
        }
    }

    private static void EmitConstruction(SourceWriter writer, ModelSpec spec)
    {
        string name = spec.Type.GlobalName;
        writer.Line(GeneratedAttributes.Text);
        writer.Line($"private {spec.Type.Name}(global::VptDsl.Device device)");
        writer.Indented($": base(device, global::{spec.Type.ClosedNamespace}.Program.On(device))");
        writer.Line("{").Line("}").Line();
        writer.Summary("Puts the model on a device with a pre-trained backbone; prompts and head are drawn afresh.");
        writer.Line("/// <param name=\"device\">Where it runs.</param>");
        writer.Line("/// <param name=\"backbone\">The backbone's weight file.</param>");
        writer.Line("/// <param name=\"seed\">What prompts and head are drawn from.</param>");
        writer.Line("/// <exception cref=\"global::VptDsl.Weights.WeightFileException\">The file is damaged, "
            + "or its tensors do not fit this backbone.</exception>");
        writer.Line(GeneratedAttributes.Text);
        writer.Line($"public static {name} {SurfaceMember.Load.Signature} =>");
        writer.Indented($"global::VptDsl.Tuner.Load<{name}>(new {name}(device), backbone, seed);").Line();
        writer.Summary("As the other overload, from a checkpoint that holds several models.");
        writer.Line("/// <param name=\"device\">Where it runs.</param>");
        writer.Line("/// <param name=\"backbone\">The backbone's weight file, which PyTorch wrote.</param>");
        writer.Line("/// <param name=\"entry\">The entry of the checkpoint that holds the backbone, for instance <c>teacher</c>; "
            + "null to have it found.</param>");
        writer.Line("/// <param name=\"seed\">What prompts and head are drawn from.</param>");
        writer.Line("/// <exception cref=\"global::VptDsl.Weights.WeightFileException\">The file is damaged, has no such entry, "
            + "or its tensors do not fit this backbone.</exception>");
        writer.Line(GeneratedAttributes.Text);
        writer.Line($"public static {name} {SurfaceMember.LoadEntry.Signature} =>");
        writer.Indented($"global::VptDsl.Tuner.Load<{name}>(new {name}(device), backbone, seed, entry);").Line();
        writer.Summary("Puts the model on a device with all parameters drawn afresh: for training from scratch, and for tests.");
        writer.Line("/// <param name=\"device\">Where it runs.</param>");
        writer.Line("/// <param name=\"seed\">What the parameters are drawn from.</param>");
        writer.Line(GeneratedAttributes.Text);
        writer.Line($"public static {name} {SurfaceMember.Create.Signature} =>");
        writer.Indented($"global::VptDsl.Tuner.Create<{name}>(new {name}(device), seed);");
    }
}
