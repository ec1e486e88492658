using System.Globalization;

namespace VptDsl.Programs;

/// <summary>A head that has room for more classes than a task has.</summary>
/// <remarks>
/// For a class that the task does not have, the last layer's weights are 0 and its bias is so low that its share of the softmax, or its
/// sigmoid, is exactly 0. Then so are its gradients: training leaves all of this as it is, and computes what it would without the class.
/// </remarks>
internal static class TaskHead
{
    // Not negative infinity, which becomes NaN where it is multiplied by 0.
    private const float Never = -1e30f;

    private const string Weight = "head.weight", Bias = "head.bias", StatedClasses = "(classes=", SeveralLabels = ",labels=many)";

    /// <summary>The model that has no room for other classes than a task's.</summary>
    public static ModelDescription WithClasses(this ModelDescription model, int classes) => classes == model.Classes
        ? model
        : model with
        {
            Classes = classes,
            LabelsPerImage = model.IsMultiLabel ? classes : model.LabelsPerImage,
            Declaration = Restate(model.Declaration, classes),
            Parameters = [.. model.Parameters.Select(parameter => WithClasses(parameter, classes))],
        };

    /// <summary>
    /// The model whose images have several classes, or one: its parameters, and what it computes before the loss, are the same.
    /// </summary>
    public static ModelDescription WithSeveralLabels(this ModelDescription model, bool several) =>
        several == model.IsMultiLabel || model.IsOfPixels || FindClasses(model.Declaration) is null
            ? model
            : model with
            {
                IsMultiLabel = several,
                LabelsPerImage = several ? model.Classes : 1,
                Declaration = RestateLabels(model.Declaration, several),
            };

    /// <summary>Whether a declaration says that images can have several classes.</summary>
    public static bool HasSeveralLabels(string declaration) =>
        FindHeadEnd(declaration) is { } end && declaration[..(end + 1)].EndsWith(SeveralLabels, StringComparison.Ordinal);

    /// <summary>Whether a parameter's first dimension is the classes.</summary>
    public static bool HasClasses(ParameterDescription parameter) => parameter.Name is Weight or Bias;

    /// <summary>The classes that a declaration states, 1 or more; null where it states none.</summary>
    public static int? ClassesOf(string declaration) => FindClasses(declaration) is { } range
        && int.TryParse(declaration[range], NumberStyles.None, CultureInfo.InvariantCulture, out int classes) && classes > 0
            ? classes
            : null;

    /// <summary>Fills a parameter of a task up to what the head has room for.</summary>
    /// <param name="parameter">The parameter, with room for all classes.</param>
    /// <param name="values">Its elements for the classes of the task, which come first.</param>
    public static float[] Fill(ParameterDescription parameter, float[] values)
    {
        if (values.Length == parameter.Count)
            return values;
        float[] filled = new float[parameter.Count];
        values.CopyTo(filled, 0);
        if (parameter.Name == Bias)
            filled.AsSpan(values.Length).Fill(Never);
        return filled;
    }

    private static ParameterDescription WithClasses(ParameterDescription parameter, int classes) =>
        HasClasses(parameter) ? parameter with { Shape = parameter.Shape.SetItem(0, classes) } : parameter;

    private static string Restate(string declaration, int classes) => FindClasses(declaration) is { } range
        ? string.Create(CultureInfo.InvariantCulture, $"{declaration[..range.Start]}{classes}{declaration[range.End..]}")
        : declaration;

    private static string RestateLabels(string declaration, bool several)
    {
        int end = FindHeadEnd(declaration)!.Value + 1;
        return several
            ? declaration[..(end - 1)] + SeveralLabels + declaration[end..]
            : declaration[..(end - SeveralLabels.Length)] + ")" + declaration[end..];
    }

    /// <summary>Where the head's description ends: none of its parts has parentheses of its own.</summary>
    private static int? FindHeadEnd(string declaration) =>
        FindClasses(declaration) is { } classes && declaration.IndexOf(')', classes.End.Value) is var end && end >= 0 ? end : null;

    private static Range? FindClasses(string declaration)
    {
        int start = declaration.IndexOf(StatedClasses, StringComparison.Ordinal) + StatedClasses.Length, end = start;
        if (start < StatedClasses.Length)
            return null;
        while (end < declaration.Length && char.IsAsciiDigit(declaration[end]))
            end++;
        return start..end;
    }
}
