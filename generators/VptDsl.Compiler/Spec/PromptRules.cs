using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Fills in the defaults of a prompt attribute and finds the layers that it means.</summary>
internal static class PromptRules
{
    /// <summary>Shallow prompts have the same defaults, and fewer arguments.</summary>
    private static readonly DeepPromptAttribute Usual = new();

    /// <summary>The prompts, or null when problems were added or the backbone is unknown.</summary>
    public static PromptSpec? Resolve(DeclaredAttribute prompts, BackboneSpec? backbone, List<Problem> problems) =>
        ResolveKind(prompts, backbone, problems) is { } resolved
            ? resolved with { Trained = !(prompts.Flag("Frozen") ?? Usual.Frozen) }
            : null;

    private static PromptSpec? ResolveKind(DeclaredAttribute prompts, BackboneSpec? backbone, List<Problem> problems)
    {
        if (backbone is not null && !backbone.Prompts.HasFlag(KindOf(prompts)))
        {
            problems.Add(Problems.PromptsDoNotFit(SpecPart.Prompts, $"[{prompts.Kind}]", backbone.Describe(), Fitting(backbone)));
            return null;
        }

        if (backbone is not null && !backbone.Prompts.HasFlag(PromptKinds.TokensOfOneWidth) && ArgumentOfOneWidth(prompts) is { } argument)
        {
            problems.Add(Problems.PromptsDoNotFit(
                prompts.Locate(argument),
                $"{argument} of [{prompts.Kind}]",
                backbone.Describe(),
                "prompts of each stage's own: remove " + argument));
            return null;
        }

        return prompts.Kind switch
        {
            AttributeKind.PadPrompt => PadPromptRules.Resolve(prompts, backbone, problems),
            AttributeKind.AddedPrompt => PlacedPromptRules.ResolveAdded(prompts, backbone, problems),
            AttributeKind.PixelPrompt => PlacedPromptRules.ResolvePatches(prompts, backbone as VitSpec, problems),
            AttributeKind.ChannelPrompt => PlacedPromptRules.ResolveChannels(prompts, backbone, problems),
            _ => ResolveTokens(prompts, backbone, problems),
        };
    }

    /// <summary>The attributes of prompts that a backbone can take, as words.</summary>
    public static string Fitting(BackboneSpec backbone)
    {
        string[] attributes =
        [
            .. Of(PromptKinds.Tokens, AttributeKind.ShallowPrompt, AttributeKind.DeepPrompt),
            .. Of(PromptKinds.Added, AttributeKind.AddedPrompt),
            .. Of(PromptKinds.Patches, AttributeKind.PixelPrompt),
            .. Of(PromptKinds.Channels, AttributeKind.ChannelPrompt),
            .. Of(PromptKinds.Pixels, AttributeKind.PadPrompt),
        ];
        return string.Join(", ", attributes.Take(attributes.Length - 1)) + " or " + attributes[attributes.Length - 1];

        IEnumerable<string> Of(PromptKinds kind, params AttributeKind[] kinds) =>
            backbone.Prompts.HasFlag(kind) ? kinds.Select(k => $"[{k}]") : [];
    }

    /// <summary>The argument that asks for prompts of one width in all layers, if one does.</summary>
    private static string? ArgumentOfOneWidth(DeclaredAttribute prompts) =>
        (prompts.Number("Projection") ?? Usual.Projection) != 0 ? "Projection" : prompts.Flag("Shared") ?? Usual.Shared ? "Shared" : null;

    private static PromptKinds KindOf(DeclaredAttribute prompts) => prompts.Kind switch
    {
        AttributeKind.PadPrompt => PromptKinds.Pixels,
        AttributeKind.AddedPrompt => PromptKinds.Added,
        AttributeKind.PixelPrompt => PromptKinds.Patches,
        AttributeKind.ChannelPrompt => PromptKinds.Channels,
        _ => PromptKinds.Tokens,
    };

    private static TokenPromptSpec? ResolveTokens(DeclaredAttribute prompts, BackboneSpec? backbone, List<Problem> problems)
    {
        int? depth = backbone?.Layers;
        int before = problems.Count;
        int tokens = prompts.Number("Tokens") ?? Usual.Tokens;
        if (tokens < 0)
            problems.Add(Problems.TooFewTokens(tokens));
        PromptFlow flow = prompts.Choice<PromptFlow>("After", problems) ?? Usual.After;
        PromptDraw draw = prompts.Choice<PromptDraw>("Draw", problems) ?? Usual.Draw;
        double dropout = DropoutRules.Resolve(prompts, Usual.Dropout, problems);
        int? projection = (prompts.Number("Projection") ?? Usual.Projection) is var width and not 0 ? width : null;
        if (projection < 1)
            problems.Add(Problems.NotPositive(prompts.Locate("Projection"), "Projection", projection.Value));
        if (draw == PromptDraw.ClassToken && backbone is { ClassToken: null })
        {
            problems.Add(Problems.NoClassTokenToCopy(prompts.Locate("Draw"), backbone.Describe() + " has none"));
        }
        else if (draw == PromptDraw.ClassToken && projection is { } narrow)
        {
            problems.Add(Problems.NoClassTokenToCopy(
                prompts.Locate("Draw"), FormattableString.Invariant($"prompts of width {narrow} before their projection are no tokens")));
        }

        EquatableArray<int>? layers = prompts.Kind == AttributeKind.ShallowPrompt
            ? EquatableArray.Of(0)
            : DeepLayers(prompts, depth, problems);
        if (problems.Count > before || depth is null || layers is null || tokens == 0)
            return null;
        // Without a layer that the prompts could leave at, both flows are the same model and should be equal.
        bool flowMatters = layers.Count < depth - layers[0];
        return new TokenPromptSpec(tokens, layers, flowMatters ? flow : PromptFlow.Carry)
        {
            Projection = projection,
            // Prompts of a single layer are shared with none.
            Shared = (prompts.Flag("Shared") ?? Usual.Shared) && layers.Count > 1,
            Draw = draw,
            Dropout = dropout,
        };
    }

    /// <summary>
    /// The layers that the argument <c>Layers</c> lists, all where it is left out; null when a problem was added or the depth is unknown.
    /// </summary>
    public static EquatableArray<int>? DeepLayers(DeclaredAttribute prompts, int? depth, List<Problem> problems)
    {
        string? text = prompts.Text("Layers");
        string complaint = "";
        LayerList? list = text is null ? LayerList.All : LayerList.Parse(text, out complaint);
        if (list is null)
        {
            problems.Add(Problems.LayersUnreadable(text!, complaint));
            return null;
        }

        if (depth is not { } known)
            return null;
        if (list.Terms.FirstOrDefault(t => !t.IsInside(known)) is { } outside)
        {
            problems.Add(Problems.LayerOutsideDepth(prompts.Locate("Layers"), outside.Text, known, WriteLayers(list.Inside(known))));
            return null;
        }

        if (list.Terms.FirstOrDefault(t => t.IsEmpty(known)) is { } empty)
        {
            problems.Add(Problems.LayerRangeEmpty(
                empty.Text, empty.First.Of(known), empty.Last.Of(known), WriteLayers(list.InOrder(known))));
            return null;
        }

        return list.Of(known);
    }

    private static Remedy WriteLayers(LayerList layers) => Remedy.WriteArgument("Layers", $"\"{layers}\"");
}
