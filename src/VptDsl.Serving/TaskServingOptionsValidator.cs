using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using VptDsl.MultiTask;

namespace VptDsl.Serving;

/// <summary>Says everything that is wrong with the options at once, with the option's name.</summary>
internal sealed class TaskServingOptionsValidator : IValidateOptions<TaskServingOptions>
{
    private const int HashDigits = 64;

    public ValidateOptionsResult Validate(string? name, TaskServingOptions options)
    {
        List<string> problems = [];
        if (string.IsNullOrWhiteSpace(options.TaskFolder))
            problems.Add($"{nameof(options.TaskFolder)} is empty: name the folder of the task files.");
        else if (!Directory.Exists(options.TaskFolder))
            problems.Add($"{nameof(options.TaskFolder)}: there is no folder {Path.GetFullPath(options.TaskFolder)}.");
        AtLeastOne(options.MaxImageBytes, nameof(options.MaxImageBytes));
        AtLeastOne(options.MaxImagePixels, nameof(options.MaxImagePixels));
        AtLeastOne(options.MaxTasksPerRequest, nameof(options.MaxTasksPerRequest));
        AtLeastOne(options.MaxConcurrentRequests, nameof(options.MaxConcurrentRequests));
        if (options.PollInterval < TimeSpan.FromMilliseconds(10) || options.PollInterval > TimeSpan.FromDays(1))
            problems.Add($"{nameof(options.PollInterval)} is {options.PollInterval}; it is between 10 ms and a day.");
        if (options.RateLimit is { } limit)
            CheckLimit(limit, nameof(options.RateLimit));
        CheckTaskLimits();
        CheckBatching();
        CheckKeys();
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

        void AtLeastOne(int value, string option)
        {
            if (value < 1)
                problems.Add($"{option} is {value}; it is at least 1.");
        }

        void CheckLimit(TaskRateLimit given, string option)
        {
            AtLeastOne(given.Images, $"{option}.{nameof(given.Images)}");
            AtLeastOne(given.Burst, $"{option}.{nameof(given.Burst)}");
            if (given.Period <= TimeSpan.Zero)
                problems.Add($"{option}.{nameof(given.Period)} is {given.Period}; it is more than nothing.");
        }

        // Configuration can set to null what no code could.
        bool IsThere([NotNullWhen(true)] object? value, string option, string remedy = "leave it out for the defaults")
        {
            if (value is null)
                problems.Add($"{option} is null; {remedy}.");
            return value is not null;
        }

        void CheckTaskLimits()
        {
            const string option = nameof(options.TaskRateLimits);
            if (!IsThere(options.TaskRateLimits, option))
                return;
            foreach ((string task, TaskRateLimit? limit) in options.TaskRateLimits)
            {
                if (IsThere(limit, $"{option}[{task}]", $"leave it out for what {nameof(options.RateLimit)} says"))
                    CheckLimit(limit, $"{option}[{task}]");
            }
        }

        void CheckBatching()
        {
            const string option = nameof(options.Batching);
            MultiTaskOptions? batching = options.Batching;
            if (!IsThere(batching, option))
                return;

            AtLeastOne(batching.MaxBatch, $"{option}.{nameof(batching.MaxBatch)}");
            AtLeastOne(batching.MaxWaiting, $"{option}.{nameof(batching.MaxWaiting)}");
            if (batching.TaskMemoryBytes < 0)
                problems.Add($"{option}.{nameof(batching.TaskMemoryBytes)} is {batching.TaskMemoryBytes}; it is at least 0.");
            if (batching.BatchDelay < TimeSpan.Zero || batching.BatchDelay > TimeSpan.FromMinutes(1))
                problems.Add($"{option}.{nameof(batching.BatchDelay)} is {batching.BatchDelay}; it is between nothing and a minute.");
        }

        void CheckKeys()
        {
            if (!IsThere(options.ApiKeys, nameof(options.ApiKeys), "leave it out if everybody may ask every task"))
                return;
            for (int i = 0; i < options.ApiKeys.Count; i++)
            {
                ApiKey? key = options.ApiKeys[i];
                string place = $"{nameof(options.ApiKeys)}[{i}]";
                if (!IsThere(key, place, "give its name, its hash and its tasks, or take it out"))
                    continue;
                if (string.IsNullOrWhiteSpace(key.Name))
                    problems.Add($"{place}.{nameof(key.Name)} is empty.");
                if (key.Sha256?.Length != HashDigits || !key.Sha256.All(char.IsAsciiHexDigit))
                {
                    problems.Add(
                        $"{place}.{nameof(key.Sha256)} is no SHA-256: {HashDigits} hexadecimal digits, as ApiKey.HashOf gives them.");
                }

                if (IsThere(key.Tasks, $"{place}.{nameof(key.Tasks)}", "name the tasks that it opens, * for all")
                    && key.Tasks.Any(pattern => pattern is null))
                {
                    problems.Add($"{place}.{nameof(key.Tasks)} has a null among its names; take it out.");
                }

                if (options.ApiKeys.Take(i).Any(other => other?.Name == key.Name))
                    problems.Add($"{place}.{nameof(key.Name)} is another key's too: {key.Name}.");
            }
        }
    }
}
