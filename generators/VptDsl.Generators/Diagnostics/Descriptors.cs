using Microsoft.CodeAnalysis;

namespace VptDsl.Generators.Diagnostics;

/// <summary>The wording of every diagnostic. A message says what is wrong and what to write instead.</summary>
/// <remarks>Each id has a row in AnalyzerReleases.Unshipped.md and a page in docs/diagnostics; ids are never used again.</remarks>
internal static class Descriptors
{
    private const string HelpLink = "https://vptdsl.dev/diagnostics/";
    private const string Category = "VptDsl";

    public static readonly DiagnosticDescriptor NotPartial = new(
        "VPT001",
        "The class is not partial",
        "'{0}' must be partial, because the generator completes it: write 'partial class {0}'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT001");

    public static readonly DiagnosticDescriptor Nested = new(
        "VPT002",
        "The class is nested",
        "'{0}' is nested in '{1}', where the generator cannot complete it: move it out, directly into a namespace",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT002");

    public static readonly DiagnosticDescriptor Generic = new(
        "VPT003",
        "The class is generic",
        "'{0}' has type parameters, but a declaration stands for one model: remove them, and declare one class for each model",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT003");

    public static readonly DiagnosticDescriptor CannotDerive = new(
        "VPT004",
        "The class cannot derive from Tuner",
        "'{0}' {1}, but the generator gives it the base class {3} and a constructor: {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT004");

    public static readonly DiagnosticDescriptor NoBackbone = new(
        "VPT005",
        "No backbone",
        "'{0}' has no backbone: add one, for instance [Vit(VitSize.Base)]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT005");

    public static readonly DiagnosticDescriptor NoHead = new(
        "VPT006",
        "No head",
        "'{0}' has no head: add one that says how many classes there are, for instance [LinearHead(Classes = 10)]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT006");

    public static readonly DiagnosticDescriptor DeclaredTwice = new(
        "VPT007",
        "Declared twice",
        "'{0}' can have only one {1}, but has [{2}] and [{3}]: remove one of them, or declare a class for each",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT007");

    public static readonly DiagnosticDescriptor SizeMissing = new(
        "VPT008",
        "The backbone's size is not stated",
        "[{1}] does not say how large the backbone is: add {0}, or start from a preset, for instance [{1}({2})]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT008");

    public static readonly DiagnosticDescriptor NotPositive = new(
        "VPT009",
        "A size is not positive",
        "{0} is {1}, but a size is at least 1: write a positive number, or leave {0} out to get its default",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT009");

    public static readonly DiagnosticDescriptor WidthNotDivisible = new(
        "VPT010",
        "The width is not divisible by the heads",
        "A width of {0} cannot be shared out evenly among {1} heads: use a width of {2}, or a number of heads that divides {0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT010");

    public static readonly DiagnosticDescriptor ImageNotDivisible = new(
        "VPT011",
        "The image is not divisible by the patch",
        "An image of {0} pixels cannot be cut into patches of {1}: use an image of {2}, or a patch that divides {0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT011");

    public static readonly DiagnosticDescriptor NothingToPrompt = new(
        "VPT012",
        "Prompts without a backbone",
        "'{0}' has prompts but no backbone to prompt: add one, for instance [Vit(VitSize.Base)]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT012");

    public static readonly DiagnosticDescriptor TooFewTokens = new(
        "VPT013",
        "A negative number of prompts",
        "Tokens is {0}, but a number of prompts is not negative: write a positive number, or 0 for a linear probe",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT013");

    public static readonly DiagnosticDescriptor LayersUnreadable = new(
        "VPT014",
        "The layers cannot be read",
        "Layers = \"{0}\" cannot be read, {1}: write indexes and ranges with commas between them, for instance \"0,2,5\", "
            + "\"3..11\" or \"^6..\"",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT014");

    public static readonly DiagnosticDescriptor LayerOutsideDepth = new(
        "VPT015",
        "A layer outside the backbone",
        "'{0}' lies outside the backbone, which has {1} layers: write layers from 0 to {2}, or from ^{1} to ^1",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT015");

    public static readonly DiagnosticDescriptor LayerRangeEmpty = new(
        "VPT016",
        "An empty range of layers",
        "'{0}' is empty, because it starts at layer {1} and ends at layer {2}: write the lower layer first",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT016");

    public static readonly DiagnosticDescriptor TooFewClasses = new(
        "VPT017",
        "Too few classes",
        "Classes is {0}, but there is something to learn only from 2 classes on: write how many your data have, for instance Classes = 10",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT017");

    public static readonly DiagnosticDescriptor TooLarge = new(
        "VPT018",
        "The model is too large",
        "The declaration asks for {0} {1}, but at most {2} are possible: {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT018");

    public static readonly DiagnosticDescriptor UnknownValue = new(
        "VPT019",
        "Not a value of the enumeration",
        "{0} has no value {1}: write {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT019");

    public static readonly DiagnosticDescriptor AlreadyTrained = new(
        "VPT020",
        "Trained already",
        "[{0}] adds nothing, because [TrainEverything] trains all parameters: remove one of the two",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT020");

    public static readonly DiagnosticDescriptor LastLayersOutsideDepth = new(
        "VPT021",
        "More last layers than there are",
        "[TrainLastLayers({0})] does not fit a backbone of {1} layers: write a number from 1 to {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT021");

    public static readonly DiagnosticDescriptor NotOnThisBackbone = new(
        "VPT022",
        "Nothing of that kind in this backbone",
        "[{0}] finds nothing to train in a {1}: remove it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT022");

    public static readonly DiagnosticDescriptor NoPromptsToPool = new(
        "VPT023",
        "No prompts to pool",
        "Pool = TokenPool.Prompts takes the mean of prompts, but none come out of the last layer: prompt the last layer, "
            + "or pool other tokens",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT023");

    public static readonly DiagnosticDescriptor NoSineCosine = new(
        "VPT024",
        "A width without sines and cosines",
        "Sine-cosine positions need a width that is a multiple of 4, not {0}: use another width, or learned positions",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT024");

    public static readonly DiagnosticDescriptor ReductionTooLarge = new(
        "VPT025",
        "Nothing is left of the adapter",
        "A reduction of {0} leaves nothing of a width of {1}: write a number from 1 to {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT025");

    public static readonly DiagnosticDescriptor PaddedImageNotDivisible = new(
        "VPT026",
        "The padded image cannot be cut",
        "With its border an image has {0} pixels, which cannot be cut into {1}: use {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT026");

    public static readonly DiagnosticDescriptor DropoutIsNoShare = new(
        "VPT027",
        "What is dropped is no share",
        "A dropout of {0} is no share of what there is: write a number from 0 up to, not including, 1",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT027");

    public static readonly DiagnosticDescriptor NoClassTokenToCopy = new(
        "VPT028",
        "No class token to start from",
        "Draw = PromptDraw.ClassToken starts prompts from the backbone's class token, but {0}: write another Draw",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT028");

    public static readonly DiagnosticDescriptor ArgumentsContradict = new(
        "VPT036",
        "Arguments contradict each other",
        "{0}: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT036");

    public static readonly DiagnosticDescriptor NoRotary = new(
        "VPT037",
        "A head cannot be turned",
        "Half of a head's channels turn with the row and half with the column, in pairs, and heads are {0} wide: "
            + "make Width / Heads a multiple of 4",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT037");

    public static readonly DiagnosticDescriptor RankTooLarge = new(
        "VPT038",
        "The rank of updates is too large",
        "Updates of rank {0} are no smaller than layers of width {1}: make Rank at most {1}; 4 to 32 are usual",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT038");

    public static readonly DiagnosticDescriptor UpdatesCountForNothing = new(
        "VPT039",
        "Updates count for nothing",
        "{0}: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT039");

    public static readonly DiagnosticDescriptor UnusableEpsilon = new(
        "VPT034",
        "An epsilon is out of range",
        "Normalisations cannot add {0} to a variance: write a number above 0 and below 1, for instance 1e-6",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT034");

    public static readonly DiagnosticDescriptor LanguageTooOld = new(
        "VPT029",
        "The language version is too old",
        "What is generated for '{0}' is C# 12, but the project is compiled as C# {1}: remove LangVersion from the project, "
            + "or set it to 12 or more",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT029");

    public static readonly DiagnosticDescriptor NotYetGenerated = new(
        "VPT030",
        "An argument is a generated constant",
        "'{0}' is generated itself, so that its value is not known yet: write the number, or a constant of your own that both classes use",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT030");

    public static readonly DiagnosticDescriptor MemberTaken = new(
        "VPT031",
        "A member is generated already",
        "The generator gives the class a member '{0}': give this one another name",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT031");

    public static readonly DiagnosticDescriptor ConstructorTaken = new(
        "VPT032",
        "The constructor is generated already",
        "'{0}' is constructed by its generated Load and Create alone: remove this constructor, "
            + "or let it hand on to the generated one by ': this(device)'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT032");

    public static readonly DiagnosticDescriptor NameTaken = new(
        "VPT033",
        "The class is named like one of its members",
        "The generator gives the class a member '{0}', and a class cannot have a member of its own name: rename the class, "
            + "for instance to '{0}Tuner'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT033");

    public static readonly DiagnosticDescriptor MemberRequired = new(
        "VPT035",
        "A member is required",
        "'{0}' must be set by whoever constructs the class, and the generated Load and Create cannot: remove 'required', and set it on "
            + "what they return",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT035");

    public static readonly DiagnosticDescriptor PromptsDoNotFit = new(
        "VPT040",
        "Prompts that the backbone cannot take",
        "{0} does not fit a {1}: use {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT040");

    public static readonly DiagnosticDescriptor StagesUnreadable = new(
        "VPT041",
        "The stages cannot be read",
        "{0} = \"{1}\" is not a number for each of four stages: write four positive numbers with commas between them, "
            + "for instance \"3,3,27,3\"",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT041");

    public static readonly DiagnosticDescriptor ImageTooSmall = new(
        "VPT042",
        "The image is too small",
        "Image is {0}, but the stages shrink an image to a thirty-second, of which nothing is left: write at least {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT042");

    public static readonly DiagnosticDescriptor NoColours = new(
        "VPT043",
        "Prompt pixels are no colours",
        "Prompt pixels that start as colours are normalised as RGB, but an image has {0} channels: write Start = PixelStart.Normal",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT043");

    public static readonly DiagnosticDescriptor StagesMissing = new(
        "VPT050",
        "The backbone's stages are not stated",
        "[Swin] does not say how large the backbone is: add {0}, or start from a preset, for instance [Swin(SwinSize.Base)]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT050");

    public static readonly DiagnosticDescriptor StageListUnreadable = new(
        "VPT051",
        "A list of stages cannot be read",
        "{0} = \"{1}\" cannot be read, {2}: write one positive number for each stage with commas between them, for instance \"2,2,6,2\"",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT051");

    public static readonly DiagnosticDescriptor StagesDiffer = new(
        "VPT052",
        "Depths and heads differ in their stages",
        "Depths has {0} stages and Heads has {1}: write one number of blocks and one number of heads for each stage",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT052");

    public static readonly DiagnosticDescriptor WindowsDoNotFit = new(
        "VPT053",
        "Windows do not fit a grid",
        "Stage {0} has a grid of {1} × {1} tokens, which cannot be cut into windows of {2} × {2}: use an image {3}, "
            + "or a window that divides the grid",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT053");

    public static readonly DiagnosticDescriptor GridCannotBeHalved = new(
        "VPT054",
        "A grid cannot be halved",
        "Stage {0} has a grid of {1} × {1} tokens, whose neighbours cannot be merged in pairs: use an image {2}, or fewer stages",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT054");

    public static readonly DiagnosticDescriptor NotAPromptMethod = new(
        "VPT060",
        "Not a prompt method",
        "'{0}' {1}: write one 'static void {0}(PromptedLayer layer)' with a body, and no prompt attribute beside it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT060");

    public static readonly DiagnosticDescriptor NotAGraphOperation = new(
        "VPT061",
        "Not a part of a model",
        "{0} cannot become part of the model, which is all that a prompt method describes: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT061");

    public static readonly DiagnosticDescriptor UnknownPromptCall = new(
        "VPT062",
        "A call that would never run",
        "'{0}' is ordinary code, but a prompt method is read and never runs: call members of PromptedLayer and Tokens alone",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT062");

    public static readonly DiagnosticDescriptor PromptVariableType = new(
        "VPT063",
        "A variable that a model cannot hold",
        "'{0}' is of type {1}, which a model cannot hold: variables of a prompt method are Tokens, int, double or bool",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT063");

    public static readonly DiagnosticDescriptor PromptShapesDiffer = new(
        "VPT064",
        "Shapes do not fit",
        "{0} is given {1} in layer {2}, but {3}: change the rows or columns of the parameters that go into it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT064");

    public static readonly DiagnosticDescriptor PromptParameterUnsound = new(
        "VPT065",
        "A parameter that cannot be declared",
        "Parameter '{0}' {1}: use {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT065");

    public static readonly DiagnosticDescriptor PromptOutOfOrder = new(
        "VPT066",
        "A step that cannot be taken",
        "{0} is not possible in layer {1}, because {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT066");

    public static readonly DiagnosticDescriptor NoTokensToSegment = new(
        "VPT070",
        "A backbone without patch tokens to segment",
        "[{0}] has no patch tokens of one size that a segmentation head could read: use a vision transformer such as [Vit], "
        + "or [LinearHead] to classify whole images",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT070");

    public static readonly DiagnosticDescriptor TooFewStreams = new(
        "VPT071",
        "Too few layers to aggregate",
        "SetrDecoder.Mla reads the tokens of {0} layers, but the backbone has {1}: use SetrDecoder.Naive or SetrDecoder.Pup, "
            + "or a deeper backbone",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT071");

    public static readonly DiagnosticDescriptor IgnoredClass = new(
        "VPT072",
        "A class is ignored",
        "IgnoreLabel = {0} is not above the {1} classes, labels 0 to one less than that: ignore a label that is no class, for instance 255",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT072");

    public static readonly DiagnosticDescriptor LabelsDoNotCoverBorders = new(
        "VPT073",
        "Labels do not cover a border",
        "[PadPrompt] makes images larger than their label maps: use prompts that leave the image as it is, for instance [DeepPrompt]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT073");

    public static readonly DiagnosticDescriptor NothingIsPooled = new(
        "VPT074",
        "A segmentation head pools nothing",
        "A segmentation head reads every patch token after the final norm, so there is nothing to pool: remove Pool and FinalNorm, "
            + "or use [LinearHead]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT074");

    public static readonly DiagnosticDescriptor UnusableTiles = new(
        "VPT075",
        "Kernel tiles are unusable",
        "The build property VptDslKernelTiles is {0}, {1}: write small, or the rows, columns and depth of a product's tile and the rows "
            + "and columns that a thread has, for instance 64,64,32,4,4, or remove it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT075");

    /// <summary>The build property for kernels says neither that there are to be any nor that there are not.</summary>
    public static readonly DiagnosticDescriptor UnusableKernels = new(
        "VPT076",
        "Property for kernels is unusable",
        "The build property VptDslGpuKernels is {0}: write false for models that run on the CPU alone, true or nothing for GPUs too",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT076");

    /// <summary>The build property for tensor cores names no precision.</summary>
    public static readonly DiagnosticDescriptor UnusableTensorCores = new(
        "VPT077",
        "Property for tensor cores is unusable",
        "The build property VptDslTensorCores is {0}: write Float32, TensorFloat32 or BFloat16 for what tensor cores multiply, "
            + "false or nothing for kernels without them",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT077");

    public static readonly DiagnosticDescriptor HeadOfAnotherBase = new(
        "VPT080",
        "The head needs another base class",
        "[{0}] makes '{1}' a {2}, but its base class '{3}' is a {4}: write '{3} : {2}', or, where models with other heads derive from "
            + "'{3}', give '{1}' another base class",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink + "VPT080");

    /// <summary>Every descriptor, by id.</summary>
    public static readonly IReadOnlyDictionary<string, DiagnosticDescriptor> All = new[]
    {
        NotPartial, Nested, Generic, CannotDerive, NoBackbone, NoHead, DeclaredTwice, SizeMissing, NotPositive, WidthNotDivisible,
        ImageNotDivisible, NothingToPrompt, TooFewTokens, LayersUnreadable, LayerOutsideDepth, LayerRangeEmpty, TooFewClasses,
        TooLarge, UnknownValue, AlreadyTrained, LastLayersOutsideDepth, NotOnThisBackbone,
        NoPromptsToPool, NoSineCosine, ReductionTooLarge, PaddedImageNotDivisible, DropoutIsNoShare, NoClassTokenToCopy,
        LanguageTooOld, NotYetGenerated, MemberTaken, ConstructorTaken, NameTaken, MemberRequired, UnusableEpsilon, ArgumentsContradict,
        NoRotary, RankTooLarge, UpdatesCountForNothing,
        PromptsDoNotFit, StagesUnreadable, ImageTooSmall, NoColours,
        StagesMissing, StageListUnreadable, StagesDiffer, WindowsDoNotFit, GridCannotBeHalved,
        NotAPromptMethod, NotAGraphOperation, UnknownPromptCall, PromptVariableType, PromptShapesDiffer, PromptParameterUnsound,
        PromptOutOfOrder,
        NoTokensToSegment, TooFewStreams, IgnoredClass, LabelsDoNotCoverBorders, NothingIsPooled,
        UnusableTiles,
        UnusableKernels,
        UnusableTensorCores,
        HeadOfAnotherBase,
    }.ToDictionary(d => d.Id);

    /// <summary>The descriptor of an id.</summary>
    public static DiagnosticDescriptor Find(string id) => All[id];

    /// <summary>The same for what a class inherits; behind its words, the message says from where.</summary>
    /// <param name="own">The descriptor.</param>
    /// <param name="words">How many words fill its message.</param>
    public static DiagnosticDescriptor Inherited(DiagnosticDescriptor own, int words) => new(
        own.Id, own.Title, own.MessageFormat + FormattableString.Invariant($" ({{{words}}})"), own.Category, own.DefaultSeverity,
        own.IsEnabledByDefault, helpLinkUri: own.HelpLinkUri);
}
