using System.Globalization;

namespace VptDsl.Compiler.Spec;

/// <summary>Checks the head.</summary>
internal static class HeadRules
{
    /// <summary>With one class the cross-entropy is 0 whatever the weights are, so that nothing would be learned.</summary>
    private const int FewestClasses = 2;

    /// <summary>The head, or null when a problem was added.</summary>
    public static HeadSpec? Resolve(DeclaredAttribute head, List<Problem> problems)
    {
        int? classes = head.Number("Classes");
        if (classes is { } stated && stated >= FewestClasses)
            return head.Kind == AttributeKind.SegmentationHead ? SegmentationRules.Resolve(head, stated, problems) : new HeadSpec(stated);
        string words = classes is null ? "not stated" : classes.Value.ToString(CultureInfo.InvariantCulture);
        problems.Add(Problems.TooFewClasses(head.Locate("Classes"), words));
        return null;
    }
}
