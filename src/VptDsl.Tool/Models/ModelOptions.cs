using System.CommandLine;
using VptDsl.Inspection;
using VptDsl.Tasks;

namespace VptDsl.Tool.Models;

/// <summary>
/// What says which model a command is about: a checkpoint that tells its own sizes, and what is trained beside it; or a task file, which
/// knows what it was trained with.
/// </summary>
/// <param name="needsBackbone">Whether a checkpoint has to be given; a model can be explained without one.</param>
internal sealed class ModelOptions(bool needsBackbone = true)
{
    private const string UsualPrompts = "deep:10", UsualHead = "linear";

    private readonly Option<FileInfo> _backbone = new("--backbone")
    {
        Description = $"The checkpoint: {CheckpointFile.Kinds}. Names and sizes are recognised.",
        Required = needsBackbone,
    };

    private readonly Option<string> _entry = Entry();

    private readonly Option<string> _attribute = new("--attribute")
    {
        Description = "The backbone's attribute, as in \"[Vit(VitSize.Base, Patch = 16)]\", where the checkpoint does not tell all of it.",
    };

    private readonly Option<string> _prompts = new("--prompts")
    {
        Description = $"{Scheme.Prompts}. {UsualPrompts} unless something else is tuned.",
        HelpName = "scheme",
    };

    private readonly Option<string[]> _parts = new("--tune")
    {
        Description = $"What is trained beside prompts and head: {Scheme.Parts}. May be given more than once.",
        HelpName = "part",
    };

    private readonly Option<string> _head = new("--head") { Description = $"{Scheme.Heads}. {UsualHead} if left out.", HelpName = "head" };

    private readonly Option<string> _precision = new("--precision")
    {
        Description = $"What tensor cores multiply, on NVIDIA's GPUs from SM_80 on: {Scheme.Precisions}. Left out: GPUs compute without "
            + "them. All other devices compute in float32; bfloat16 halves what training saves for its backward pass on every device.",
        HelpName = "precision",
    };

    private readonly Option<string> _frozen = new("--frozen-weights")
    {
        Description = $"In what memory holds the frozen weights of products, on every device: {Scheme.Storages}. bfloat16 takes half the "
            + "memory, and rounds them.",
        HelpName = "storage",
    };

    private FileInfo? _located;

    /// <summary>Which part of a checkpoint is the backbone.</summary>
    public static Option<string> Entry() => new("--entry")
    {
        Description = "The entry of a PyTorch checkpoint that holds the backbone, for instance teacher. Left out: found, or asked for.",
    };

    /// <summary>The checkpoint of the backbone.</summary>
    public FileInfo BackboneOf(ParseResult arguments) => _located ??= CheckpointFile.Locate(arguments.GetValue(_backbone)!);

    /// <summary>The checkpoint as another machine finds it: a file in full, or a repository of the hub.</summary>
    public string NameOfBackbone(ParseResult arguments) =>
        arguments.GetValue(_backbone) is { } named && CheckpointFile.IsOnHub(named) ? named.ToString() : BackboneOf(arguments).FullName;

    /// <summary>The entry of the checkpoint; null to have it found.</summary>
    public string? EntryOf(ParseResult arguments) => arguments.GetValue(_entry);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _backbone, _entry, _attribute, _prompts, _parts, _head, _precision, _frozen })
            command.Add(option);
    }

    /// <summary>The model that the options declare.</summary>
    /// <exception cref="ArgumentException">They declare none, or the checkpoint does not tell enough.</exception>
    public ModelDeclaration Declare(ParseResult arguments)
    {
        string[] parts = arguments.GetValue(_parts) ?? [];
        string prompts = arguments.GetValue(_prompts) ?? (parts.Length > 0 ? "none" : UsualPrompts);
        IEnumerable<string> trained = parts.Select(Scheme.OfPart).Prepend(Scheme.OfPrompts(prompts));
        string head = Scheme.OfHead(arguments.GetValue(_head) ?? UsualHead);
        return AsStored(arguments, ModelDeclaration.Parse(string.Join(' ', [BackboneAttribute(arguments), .. trained, head])));
    }

    /// <summary>The model that a task was trained with; the options say it where the file does not.</summary>
    public ModelDeclaration Declare(ParseResult arguments, TaskInfo task) =>
        task.Attributes is { } attributes && !IsStated(arguments)
            ? AsStored(arguments, ModelDeclaration.Parse(attributes).WithUsualRoom())
            : Declare(arguments);

    /// <summary>Loads the backbone into a model.</summary>
    public Tuner Load(ParseResult arguments, CompiledModel model, Device device, int seed) =>
        model.Load(device, BackboneOf(arguments).FullName, arguments.GetValue(_entry), seed);

    /// <summary>A task of one precision and storage is used in any other.</summary>
    private ModelDeclaration AsStored(ParseResult arguments, ModelDeclaration declaration)
    {
        if (arguments.GetValue(_precision) is { } precision)
            declaration = declaration.With(nameof(Precision), Scheme.OfPrecision(precision));
        return arguments.GetValue(_frozen) is { } storage
            ? declaration.With(nameof(FrozenWeightsAttribute)[..^nameof(Attribute).Length], Scheme.OfStorage(storage))
            : declaration;
    }

    private bool IsStated(ParseResult arguments) =>
        new Option[] { _attribute, _prompts, _parts, _head }.Any(option => arguments.GetResult(option) is not null);

    private string BackboneAttribute(ParseResult arguments)
    {
        if (arguments.GetValue(_attribute) is { } stated)
            return stated;
        if (arguments.GetValue(_backbone) is null)
            throw new ArgumentException("Say which backbone: --backbone with its checkpoint, or --attribute.");
        FileInfo file = BackboneOf(arguments);
        CheckpointDescription description = CheckpointInspector.Describe(file.FullName, arguments.GetValue(_entry));
        if (description.Task is not null)
        {
            throw new ArgumentException(
                $"{file} is a task file: --backbone takes the checkpoint that it was tuned on, --task the task file.");
        }

        if (description.Backbone?.Guessed is { } guessed && description.Attribute?.Contains('?') != true)
            Errors.Say($"note: {file} does not tell {guessed}; taken as usual: {description.Attribute}. --attribute says otherwise.");
        return description.Attribute switch
        {
            null => throw new ArgumentException(
                $"{file} has no backbone that is known ('vpt inspect' says more): say its attribute with --attribute."),
            var attribute when attribute.Contains('?') => throw new ArgumentException(
                $"{file} does not tell all of its backbone: {attribute}. Say it with --attribute \"{attribute}\" and a number for each ?."),
            var attribute => attribute,
        };
    }
}
