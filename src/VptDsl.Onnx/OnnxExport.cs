using VptDsl.Data;
using VptDsl.Onnx.Format;
using VptDsl.Onnx.Graph;
using VptDsl.Programs;
using VptDsl.Tasks;

namespace VptDsl.Onnx;

/// <summary>Writes models as ONNX files, for ONNX Runtime and whatever else reads them.</summary>
public static class OnnxExport
{
    /// <summary>The version of ONNX's standard operators that files need.</summary>
    public const int Opset = 17;

    // The intermediate representation of the time of those operators.
    private const int Representation = 8;

    /// <summary>Writes the model as an ONNX file that computes what <see cref="Tuner"/> does in inference.</summary>
    /// <remarks>
    /// <para>
    /// The input <c>images</c> is [batch, channels, height, width], normalised as in training; the output <c>logits</c> is
    /// [batch, classes], or [batch, height, width, classes] where the model tells the class of each pixel. The batch is open. What no
    /// result needs is left out, as in inference, and what no image changes is computed beforehand: of deep prompts the file holds keys and
    /// values.
    /// </para>
    /// <para>
    /// Metadata say what a task file's do: <c>declaration</c>, <c>backbone_sha256</c>, <c>class_names</c> as a list in JSON and
    /// <c>transform</c>, with <c>normalization</c>, where they are known.
    /// </para>
    /// <para>May be called from any thread; a fit under way rules it out, as it does <see cref="Tuner.SaveTask"/>.</para>
    /// </remarks>
    /// <param name="tuner">The model, which was declared in a project that references this library.</param>
    /// <param name="path">
    /// The file. It is replaced as a whole or not at all. Weights that do not go into it lie beside it, in a file with its name and a hash
    /// of them.
    /// </param>
    /// <param name="options">What is written; one file with all there is where left out.</param>
    /// <param name="cancellation">Stops the writing; a file that was there is as it was.</param>
    /// <exception cref="ArgumentException">The model was declared where this library is not referenced, or the path is empty.</exception>
    /// <exception cref="InvalidOperationException">
    /// A parameter has elements that are NaN or infinite, or the options want the task as inputs and the model trains its whole backbone.
    /// </exception>
    /// <exception cref="NotSupportedException">Something in the model has no form in ONNX; the message names it.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void ExportOnnx(
        this Tuner tuner, string path, OnnxOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tuner);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new OnnxOptions();
        using ModelAccess.Use use = tuner.Access.Read(nameof(ExportOnnx));
        OnnxProgram program = Find(tuner);
        RequireBackbone(tuner.Model, options);
        cancellation.ThrowIfCancellationRequested();
        GraphWriter graph;
        using (tuner.Compiled.TakeTurn())
            graph = program.Build(tuner.Compiled, options.TaskInputs);
        var model = new ModelProto
        {
            IrVersion = Representation,
            ProducerName = "VptDsl",
            ProducerVersion = typeof(Tuner).Assembly.GetName().Version?.ToString(3) ?? "",
            DocString = tuner.Model.ToString(),
            Graph = graph.Graph,
        };
        model.Graph.Name = tuner.Model.Name;
        model.OpsetImport.Add(new OperatorSetProto { Domain = "", Version = Opset });
        foreach ((string key, string value) in Metadata(tuner, options))
            model.MetadataProps.Add(new EntryProto { Key = key, Value = value });
        ModelFile.Write(path, model, graph.Constants, options.WeightsBeside, cancellation);
    }

    private static OnnxProgram Find(Tuner tuner) => tuner is IOnnxModel model
        ? model.DescribeForOnnx()
        : throw new ArgumentException(
            $"{tuner.Model.Name} has no ONNX graph: its project does not reference VptDsl.Onnx. Add the reference there and build again.",
            nameof(tuner));

    private static void RequireBackbone(ModelDescription model, OnnxOptions options)
    {
        if (options.TaskInputs && model.Parameters.All(p => p.IsLearned))
        {
            throw new InvalidOperationException(
                $"All parameters of {model.Name} belong to the task, so that a file with the task as inputs would hold none: "
                    + $"export it without {nameof(OnnxOptions.TaskInputs)}.");
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Metadata(Tuner tuner, OnnxOptions options)
    {
        int classes = options.TaskInputs ? tuner.Model.Classes : tuner.TaskClasses;
        var info = new TaskInfo(
            tuner.Model.WithClasses(classes).Declaration, tuner.BackboneHashOfNow(),
            options.TaskInputs || tuner.ClassNames is null ? null : [.. tuner.ClassNames])
        {
            Pipeline = options.TaskInputs ? null : tuner.Pipeline,
        };
        Dictionary<string, string> metadata = TaskMetadata.Write(info);
        metadata[TaskMetadata.FormatKey] = options.TaskInputs ? "vptdsl-onnx-backbone" : "vptdsl-onnx";
        Normalization? normalization = info.Pipeline?.Normalization ?? tuner.Weights?.Facts.Normalization?.Value;
        if (normalization is not null)
            metadata["normalization"] = normalization.ToString();
        if (tuner.Model.IsMultiLabel)
            metadata["probabilities"] = "sigmoid";
        return metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal);
    }
}
