namespace VptDsl.Compiler.Spec;

/// <summary>Finds out what is trained, and checks that each attribute that says so adds something.</summary>
internal static class TrainedRules
{
    public static TrainedSet Resolve(Declaration declaration, BackboneSpec? backbone, List<Problem> problems)
    {
        DeclaredAttribute? everything = Find(AttributeRole.Trained), layers = Find(AttributeRole.TrainedLayers);
        DeclaredAttribute? biases = Find(AttributeRole.TrainedBiases), classToken = Find(AttributeRole.TrainedClassToken);
        int count = layers?.Number("Count") ?? 0;
        if (everything is not null)
        {
            foreach (DeclaredAttribute superfluous in new[] { layers, biases, classToken }.OfType<DeclaredAttribute>())
                problems.Add(Problems.AlreadyTrained(superfluous.Locate(), superfluous.Kind.ToString()));
            return TrainedSet.Everything;
        }

        if (layers is not null && backbone is not null && (count < 1 || count > backbone.Layers))
            problems.Add(Problems.LastLayersOutsideDepth(layers.Locate("Count"), count, backbone.Layers));
        if (classToken is not null && backbone is { ClassToken: null })
            problems.Add(Problems.NotOnThisBackbone(classToken.Locate(), classToken.Kind.ToString(), backbone.Describe()));
        return new(LastLayers: count, Biases: biases is not null, ClassToken: classToken is not null);

        DeclaredAttribute? Find(AttributeRole role) => declaration.InRole(role).FirstOrDefault();
    }
}
