using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VptDsl.Programs;

namespace VptDsl.Training.Recipes;

/// <summary>Recipes as JSON.</summary>
internal static partial class RecipeJson
{
    /// <summary>The JSON of a recipe.</summary>
    public static string Write(Recipe recipe) => JsonSerializer.Serialize(recipe, RecipeContext.Default.Recipe);

    /// <summary>Reads a file.</summary>
    /// <exception cref="RecipeException">It is missing or no recipe.</exception>
    public static Recipe Load(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or (IOException and not RecipeException))
        {
            throw new RecipeException(path, e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>Reads the JSON of a recipe that is in no file.</summary>
    /// <exception cref="RecipeException">It is none.</exception>
    public static Recipe Read(string json) => Parse(Encoding.UTF8.GetBytes(json), "the recipe");

    private static Recipe Parse(byte[] json, string path)
    {
        try
        {
            Recipe recipe = JsonSerializer.Deserialize(json, RecipeContext.Default.Members)?.ToRecipe()
                ?? throw new RecipeException(path, "there is no recipe in it");
            return Problem(recipe) is { } problem ? throw new RecipeException(path, problem) : recipe;
        }
        catch (JsonException e)
        {
            throw new RecipeException(path, e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>What makes no sense in a recipe; null if all does.</summary>
    public static string? Problem(Recipe recipe) => recipe switch
    {
        { LearningRates: { IsDefaultOrEmpty: true } } => "learningRates is empty: list one rate or more",
        { WeightDecays: { IsDefaultOrEmpty: true } } => "weightDecays is empty: list one decay or more, 0 for none",
        { Seeds: { IsDefaultOrEmpty: true } } => "seeds is empty: list one seed or more",
        _ when recipe.LearningRates.Any(rate => !double.IsFinite(rate) || rate <= 0) => "every one of learningRates must be above 0",
        _ when recipe.WeightDecays.Any(decay => !double.IsFinite(decay) || decay < 0) => "every one of weightDecays must be 0 or more",
        _ when recipe.BatchSize < 1 => "batchSize must be at least 1",
        _ when recipe.Epochs < 1 => "epochs must be at least 1",
        _ when !(recipe.WarmupEpochs >= 0 && recipe.WarmupEpochs < recipe.Epochs) => "warmupEpochs must be at least 0 and less than epochs",
        _ when recipe.Halving < 2 => "halving must be at least 2, or left out",
        _ when Undefined("optimizer", recipe.Optimizer) is { } optimizer => optimizer,
        _ when Undefined("scheduleStep", recipe.ScheduleStep) is { } scheduleStep => scheduleStep,
        _ when Undefined("judgedEpoch", recipe.JudgedEpoch) is { } judgedEpoch => judgedEpoch,
        _ when Undefined("transforms", recipe.Transforms) is { } transforms => transforms,
        _ => null,
    };

    private static string? Undefined<T>(string name, T value)
        where T : struct, Enum =>
        Enumeration.Requirement(value) is { } requirement ? $"{name} {requirement}" : null;

    /// <summary>
    /// What a file may say. Generated code sets every member of a type that can only be initialised, those that are missing to zero; here
    /// they keep a recipe's own defaults.
    /// </summary>
    private sealed class Members
    {
        private static readonly Recipe Defaults = new() { Name = "", LearningRates = [] };

        public required string Name { get; set; }
        public OptimizerKind Optimizer { get; set; } = Defaults.Optimizer;
        public required ImmutableArray<double> LearningRates { get; set; }
        public ImmutableArray<double> WeightDecays { get; set; } = Defaults.WeightDecays;
        public int BatchSize { get; set; } = Defaults.BatchSize;
        public int Epochs { get; set; } = Defaults.Epochs;
        public double WarmupEpochs { get; set; } = Defaults.WarmupEpochs;
        public ScheduleStep ScheduleStep { get; set; } = Defaults.ScheduleStep;
        public JudgedEpoch JudgedEpoch { get; set; } = Defaults.JudgedEpoch;
        public int? Halving { get; set; }
        public RecipeTransforms Transforms { get; set; } = Defaults.Transforms;
        public int TrialSeed { get; set; } = Defaults.TrialSeed;
        public ImmutableArray<int> Seeds { get; set; } = Defaults.Seeds;

        public Recipe ToRecipe() => new()
        {
            Name = Name,
            Optimizer = Optimizer,
            LearningRates = LearningRates,
            WeightDecays = WeightDecays,
            BatchSize = BatchSize,
            Epochs = Epochs,
            WarmupEpochs = WarmupEpochs,
            ScheduleStep = ScheduleStep,
            JudgedEpoch = JudgedEpoch,
            Halving = Halving,
            Transforms = Transforms,
            TrialSeed = TrialSeed,
            Seeds = Seeds,
        };
    }

    [JsonSourceGenerationOptions(
        JsonSerializerDefaults.Web,
        WriteIndented = true,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters =
        [
            typeof(CamelCase<OptimizerKind>), typeof(CamelCase<ScheduleStep>), typeof(CamelCase<JudgedEpoch>),
            typeof(CamelCase<RecipeTransforms>),
        ])]
    [JsonSerializable(typeof(Recipe))]
    [JsonSerializable(typeof(Members))]
    private sealed partial class RecipeContext : JsonSerializerContext;

    /// <summary>Enumerations by the names of their values, as JSON writes names.</summary>
    private sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
        where T : struct, Enum;
}

/// <summary>A recipe cannot be used; the message names the file and says what is wrong.</summary>
public sealed class RecipeException : IOException
{
    internal RecipeException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}. Recipe.Get(\"vtab-prompt\").ToJson() shows what a recipe looks like.", innerException)
    {
    }
}
