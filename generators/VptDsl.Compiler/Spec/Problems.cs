using System.Globalization;
using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Every problem a declaration can have. Ids are never used again for something else.</summary>
/// <remarks>
/// The messages that the arguments fill are the descriptors of the Roslyn shell; docs/diagnostics has a page for each id.
/// </remarks>
internal static class Problems
{
    public static Problem NotPartial(string type) => New("VPT001", SpecPart.Type, type) with { Remedy = Remedy.MakePartial };

    public static Problem Nested(string type, string containingType) => New("VPT002", SpecPart.Type, type, containingType);

    public static Problem Generic(string type) => New("VPT003", SpecPart.TypeParameters, type);

    public static Problem CannotDerive(string type, string reason, string remedy, string baseClass) =>
        New("VPT004", SpecPart.TypeObstacle, type, reason, remedy, baseClass);

    public static Problem NoBackbone(string type) => New("VPT005", SpecPart.Type, type) with { Remedy = AddBackbone };

    public static Problem NoHead(string type) =>
        New("VPT006", SpecPart.Type, type) with { Remedy = Remedy.AddAttribute("LinearHead(Classes = 10)") };

    public static Problem DeclaredTwice(SpecPart part, string type, string role, string first, string second) =>
        New("VPT007", part, type, role, first, second) with { Remedy = Remedy.RemoveAttribute };

    public static Problem SizeMissing(SpecPart part, string missing, string attribute = "Vit", string preset = "VitSize.Base") =>
        New("VPT008", part, missing, attribute, preset);

    public static Problem NotPositive(SpecPart part, string argument, int value) =>
        New("VPT009", part, argument, Number(value)) with { Remedy = Remedy.RemoveArgument(argument) };

    public static Problem WidthNotDivisible(SpecPart part, int width, int heads, string words, Remedy? remedy = null) =>
        New("VPT010", part, Number(width), Number(heads), words) with { Remedy = remedy };

    public static Problem ImageNotDivisible(SpecPart part, PlaneSize image, PlaneSize patch, string words, Remedy? remedy = null) =>
        New("VPT011", part, image.ToString(), patch.ToString(), words) with { Remedy = remedy };

    public static Problem NothingToPrompt(string type) => New("VPT012", SpecPart.Prompts, type) with { Remedy = AddBackbone };

    public static Problem TooFewTokens(int tokens) => New("VPT013", SpecPart.PromptTokens, Number(tokens));

    public static Problem LayersUnreadable(string layers, string complaint) => New("VPT014", SpecPart.PromptLayers, layers, complaint);

    public static Problem LayerOutsideDepth(SpecPart part, string term, int depth, Remedy remedy) =>
        New("VPT015", part, term, Number(depth), Number(depth - 1)) with { Remedy = remedy };

    public static Problem LayerRangeEmpty(string term, int first, int last, Remedy remedy) =>
        New("VPT016", SpecPart.PromptLayers, term, Number(first), Number(last)) with { Remedy = remedy };

    public static Problem TooFewClasses(SpecPart part, string stated) => New("VPT017", part, stated);

    public static Problem TooLarge(SpecPart part, double count, string what, double limit, string remedy) =>
        New("VPT018", part, Grouped(count), what, Grouped(limit), remedy);

    public static Problem UnknownValue(SpecPart part, string argument, int value, string remedy) =>
        New("VPT019", part, argument, Number(value), remedy);

    public static Problem AlreadyTrained(SpecPart part, string attribute) =>
        New("VPT020", part, attribute) with { Remedy = Remedy.RemoveAttribute };

    public static Problem LastLayersOutsideDepth(SpecPart part, int count, int depth) =>
        New("VPT021", part, Number(count), Number(depth)) with
        {
            Remedy = Remedy.WriteArgument("Count", Math.Min(Math.Max(count, 1), depth)),
        };

    public static Problem NotOnThisBackbone(SpecPart part, string attribute, string backbone) =>
        New("VPT022", part, attribute, backbone) with { Remedy = Remedy.RemoveAttribute };

    public static Problem NoPromptsToPool(SpecPart part) => New("VPT023", part);

    public static Problem NoSineCosine(SpecPart part, int width) => New("VPT024", part, Number(width));

    public static Problem ReductionTooLarge(SpecPart part, int reduction, int width) =>
        New("VPT025", part, Number(reduction), Number(width)) with { Remedy = Remedy.WriteArgument("Reduction", width) };

    public static Problem PaddedImageNotDivisible(SpecPart part, PlaneSize image, string parts, string remedy) =>
        New("VPT026", part, image.ToString(), parts, remedy);

    public static Problem DropoutIsNoShare(SpecPart part, double rate) =>
        New("VPT027", part, rate.ToString(CultureInfo.InvariantCulture));

    public static Problem UnusableEpsilon(SpecPart part, double epsilon) =>
        New("VPT034", part, epsilon.ToString(CultureInfo.InvariantCulture));

    public static Problem ArgumentsContradict(SpecPart part, string contradiction, string remedy) =>
        New("VPT036", part, contradiction, remedy);

    public static Problem NoRotary(SpecPart part, int headWidth) => New("VPT037", part, Number(headWidth));

    public static Problem RankTooLarge(SpecPart part, int rank, int width) =>
        New("VPT038", part, Number(rank), Number(width)) with { Remedy = Remedy.WriteArgument("Rank", width) };

    public static Problem UpdatesCountForNothing(SpecPart part, string reason, string remedy) => New("VPT039", part, reason, remedy);

    public static Problem NoClassTokenToCopy(SpecPart part, string reason) =>
        New("VPT028", part, reason) with { Remedy = Remedy.RemoveArgument("Draw") };

    public static Problem LanguageTooOld(string type, string version) => New("VPT029", SpecPart.Type, type, version);

    public static Problem NotYetGenerated(SpecPart part, string constant) => New("VPT030", part, constant);

    public static Problem MemberTaken(int place, string member) => At("VPT031", place, member);

    public static Problem ConstructorTaken(int place, string type) => At("VPT032", place, type);

    public static Problem MemberRequired(int place, string member) => At("VPT035", place, member);

    public static Problem NameTaken(string type) => New("VPT033", SpecPart.Type, type);

    public static Problem PromptsDoNotFit(SpecPart part, string prompts, string backbone, string remedy) =>
        New("VPT040", part, prompts, backbone, remedy);

    public static Problem StagesUnreadable(SpecPart part, string argument, string text) => New("VPT041", part, argument, text);

    public static Problem ImageTooSmall(SpecPart part, int image, int smallest) =>
        New("VPT042", part, Number(image), Number(smallest)) with { Remedy = Remedy.WriteArgument("Image", smallest) };

    public static Problem NoColours(SpecPart part, int channels) =>
        New("VPT043", part, Number(channels)) with { Remedy = Remedy.WriteArgument("Start", "PixelStart.Normal") };

    public static Problem StagesMissing(SpecPart part, string missing) => New("VPT050", part, missing);

    public static Problem StageListUnreadable(SpecPart part, string argument, string text, string complaint) =>
        New("VPT051", part, argument, text, complaint);

    public static Problem StagesDiffer(SpecPart part, int depths, int heads) => New("VPT052", part, Number(depths), Number(heads));

    public static Problem WindowsDoNotFit(SpecPart part, int stage, int side, int window, string images) =>
        New("VPT053", part, Number(stage), Number(side), Number(window), images);

    public static Problem GridCannotBeHalved(SpecPart part, int stage, int side, string images) =>
        New("VPT054", part, Number(stage), Number(side), images);

    public static Problem NotAPromptMethod(int place, string method, string complaint) => At("VPT060", place, method, complaint);

    public static Problem NotAGraphOperation(int place, string code, string remedy) => At("VPT061", place, code, remedy);

    public static Problem UnknownPromptCall(int place, string member) => At("VPT062", place, member);

    public static Problem PromptVariableType(int place, string variable, string type) => At("VPT063", place, variable, type);

    public static Problem PromptShapesDiffer(int place, string what, string given, int layer, string rule) =>
        At("VPT064", place, what, given, Number(layer), rule);

    public static Problem PromptParameterUnsound(int place, string name, string complaint, string remedy) =>
        At("VPT065", place, name, complaint, remedy);

    public static Problem PromptOutOfOrder(int place, string what, int layer, string why) => At("VPT066", place, what, Number(layer), why);

    public static Problem NoTokensToSegment(SpecPart part, string backbone) => New("VPT070", part, backbone);

    public static Problem TooFewStreams(SpecPart part, int streams, int layers) => New("VPT071", part, Number(streams), Number(layers));

    public static Problem IgnoredClass(SpecPart part, int ignored, int classes) => New("VPT072", part, Number(ignored), Number(classes));

    public static Problem LabelsDoNotCoverBorders(SpecPart part) => New("VPT073", part);

    public static Problem NothingIsPooled(SpecPart part, string argument) =>
        New("VPT074", part) with { Remedy = Remedy.RemoveArgument(argument) };

    public static Problem HeadOfAnotherBase(string head, string type, string needed, string root, string rootBase) =>
        New("VPT080", SpecPart.Head, head, type, needed, root, rootBase);

    private static Remedy AddBackbone => Remedy.AddAttribute("Vit(VitSize.Base)");

    private static Problem At(string id, int place, params string[] arguments) => New(id, SpecPart.Type, arguments) with { Place = place };

    private static Problem New(string id, SpecPart part, params string[] arguments) => new(id, part, EquatableArray.Of(arguments));

    private static string Grouped(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
