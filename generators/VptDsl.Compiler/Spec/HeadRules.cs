using System.Globalization;

namespace VptDsl.Compiler.Spec;

/// <summary>Checks the head.</summary>
internal static class HeadRules
{
    private static readonly MlpHeadAttribute Usual = new();

    /// <summary>With one class the cross-entropy is 0 whatever the weights are, so that nothing would be learned.</summary>
    private const int FewestClasses = 2;

    /// <summary>The head, or null when a problem was added.</summary>
    public static HeadSpec? Resolve(DeclaredAttribute head, List<Problem> problems)
    {
        int before = problems.Count;
        // Every pixel has a logit for each class that there is room for: too much to leave unsaid.
        int? classes = head.Number("Classes") ?? (head.Kind == AttributeKind.SegmentationHead ? null : Usual.Classes);
        if (classes is not { } stated || stated < FewestClasses)
        {
            string words = classes?.ToString(CultureInfo.InvariantCulture) ?? "not stated";
            problems.Add(Problems.TooFewClasses(head.Locate("Classes"), words));
            stated = FewestClasses;
        }

        HeadSpec? resolved = head.Kind == AttributeKind.SegmentationHead
            ? SegmentationRules.Resolve(head, stated, problems)
            : Classifier(head, stated, problems);
        return problems.Count > before ? null : resolved;
    }

    private static ClassifierHeadSpec Classifier(DeclaredAttribute head, int classes, List<Problem> problems)
    {
        bool multiLabel = head.Flag("MultiLabel") ?? Usual.MultiLabel;
        if (head.Kind == AttributeKind.LinearHead)
            return new(classes) { MultiLabel = multiLabel };
        int layers = head.Number("Layers") ?? Usual.Layers;
        if (layers < 1)
            problems.Add(Problems.NotPositive(head.Locate("Layers"), "Layers", layers));
        else if (layers > SizeLimits.MaxLayers)
            problems.Add(Problems.TooLarge(head.Locate("Layers"), layers, "layers", SizeLimits.MaxLayers, "make Layers smaller"));
        double dropout = DropoutRules.Resolve(head, Usual.Dropout, problems);
        return layers == 1
            ? new(classes) { MultiLabel = multiLabel }
            : new(classes)
            {
                MultiLabel = multiLabel,
                HiddenLayers = layers - 1,
                Dropout = dropout,
                FrozenStatistics = head.Flag("FrozenStatistics") ?? Usual.FrozenStatistics,
            };
    }
}
