using System.Diagnostics;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using VptDsl.MultiTask;
using VptDsl.Serving.Access;
using VptDsl.Serving.Hosting;

namespace VptDsl.Serving.Http;

/// <summary>Answers requests: who may ask comes first, then limits, then the image, so that nothing is read for nobody.</summary>
internal sealed class TaskRequests(
    TaskHost host, TaskLimits limits, ServingMetrics metrics, IAuthorizationService authorization, IOptions<TaskServingOptions> options)
{
    private static readonly TaskAccess Access = new();

    /// <summary>The tasks that the caller may ask.</summary>
    public async Task<TasksAnswer> ListAsync(HttpContext http)
    {
        List<TaskAnswer> tasks = [];
        foreach (ServedTask task in await AllowedAsync(http.User))
        {
            tasks.Add(new TaskAnswer(
                task.Name, task.ClassNames, task.IsMultiLabel, task.Info.Declaration, task.Pipeline?.ToString()));
        }

        return new TasksAnswer(tasks);
    }

    /// <summary>What one task says.</summary>
    public async Task<PredictionAnswer> PredictAsync(HttpContext http, string task) =>
        (await AskEachAsync(http, [task]).ConfigureAwait(false))[0];

    /// <summary>What each of several tasks says; all that the caller may ask, where none is named.</summary>
    public async Task<PredictionsAnswer> PredictEachAsync(HttpContext http, string[] tasks)
    {
        if (tasks.Length == 0)
            tasks = [.. (await AllowedAsync(http.User).ConfigureAwait(false)).Select(task => task.Name)];
        return new PredictionsAnswer(await AskEachAsync(http, tasks).ConfigureAwait(false));
    }

    /// <summary>What several tasks of the same classes say together.</summary>
    public async Task<PredictionAnswer> PredictEnsembleAsync(HttpContext http, string[] tasks) =>
        (await AskAsync(http, tasks, async (model, image) => [await model.PredictEnsembleAsync(image, tasks, http.RequestAborted)])
            .ConfigureAwait(false))[0];

    /// <summary>The queue, for whoever may ask anything.</summary>
    public StatusAnswer Status()
    {
        (long batches, long images, TimeSpan deviceTime) = metrics.Totals;
        MultiTaskOptions batching = options.Value.Batching;
        host.TryGetModel(out MultiTaskModel? model);
        return new StatusAnswer(
            host.IsReady, model?.Waiting ?? 0, batching.MaxWaiting, batching.MaxBatch, model?.Tasks.Count ?? 0, batches, images,
            deviceTime.TotalSeconds);
    }

    private Task<PredictionAnswer[]> AskEachAsync(HttpContext http, string[] tasks) =>
        AskAsync(http, tasks, (model, image) => model.PredictEachAsync(image, tasks, http.RequestAborted));

    private async Task<PredictionAnswer[]> AskAsync(
        HttpContext http, string[] tasks, Func<MultiTaskModel, ReadOnlyMemory<byte>, Task<IReadOnlyList<TaskPrediction>>> ask)
    {
        long start = Stopwatch.GetTimestamp();
        MultiTaskModel model = host.Model;
        ToldClasses told = ToldClasses.Of(http.Request);
        await RequireAsync(http.User, model, tasks).ConfigureAwait(false);
        using Activity? activity = ServingMetrics.Activities.StartActivity("vptdsl.predict", ActivityKind.Server);
        activity?.SetTag("vptdsl.tasks", string.Join(',', tasks));
        string outcome = "failed";
        try
        {
            using RateLimitLease place = Acquire(http.User, tasks);
            ReadOnlyMemory<byte> image = await ImageBody.ReadAsync(http.Request, options.Value, http.RequestAborted).ConfigureAwait(false);
            activity?.AddEvent(new ActivityEvent("image received"));
            IReadOnlyList<TaskPrediction> predictions = await AskAsync(model, image, tasks, ask).ConfigureAwait(false);
            activity?.SetTag("vptdsl.batch.images", predictions.Max(prediction => prediction.Batch));
            outcome = "answered";
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            return [.. predictions.Select(prediction => PredictionAnswer.Of(prediction, told, elapsed))];
        }
        catch (Exception e)
        {
            outcome = OutcomeOf(e);
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            foreach (string task in tasks)
                metrics.Asked(task, outcome, Stopwatch.GetElapsedTime(start));
        }
    }

    /// <summary>The tasks were there before the image came; they may be gone by now, or not fit it or each other.</summary>
    private static async Task<IReadOnlyList<TaskPrediction>> AskAsync(
        MultiTaskModel model, ReadOnlyMemory<byte> image, string[] tasks,
        Func<MultiTaskModel, ReadOnlyMemory<byte>, Task<IReadOnlyList<TaskPrediction>>> ask)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                return await ask(model, image).ConfigureAwait(false);
            }
            catch (ArgumentException e)
            {
                RequireThere(model, tasks);
                // One that was gone may be there again by now: asked once more, it answers.
                if (!isFirst)
                    throw new RequestProblem(StatusCodes.Status422UnprocessableEntity, "Not to be asked so", SentenceOf(e));
            }
        }
    }

    private RateLimitLease Acquire(ClaimsPrincipal user, string[] tasks)
    {
        // Of what refuses a request, that which takes nothing comes first: who is refused has spent none of a task's rate.
        RateLimitLease place = limits.BeginRequest();
        if (!place.IsAcquired)
        {
            place.Dispose();
            throw TooMany($"{options.Value.MaxConcurrentRequests} requests are under way, as many as may be.", TimeSpan.FromSeconds(1));
        }

        if (limits.Ask(user.FindFirstValue(ApiKeyAuthentication.CallerClaim) ?? "", tasks) is not var (task, pause))
            return place;
        place.Dispose();
        throw TooMany($"The task {task} was asked too often.", pause);
    }

    private static RequestProblem TooMany(string detail, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "Too many requests", detail) { RetryAfter = retryAfter };

    private async Task RequireAsync(ClaimsPrincipal user, MultiTaskModel model, string[] tasks)
    {
        if (tasks.Length == 0 || tasks.Length > options.Value.TasksOfRequest || tasks.Distinct().Count() < tasks.Length)
        {
            throw new RequestProblem(
                StatusCodes.Status400BadRequest, "Bad tasks",
                $"A request asks 1 to {options.Value.TasksOfRequest} tasks, each once; name them as ?task=NAME&task=NAME.");
        }

        // Rights come before names: who may not ask a task learns nothing of it.
        foreach (string task in tasks)
        {
            if (!(await authorization.AuthorizeAsync(user, task, Access).ConfigureAwait(false)).Succeeded)
            {
                throw new RequestProblem(
                    StatusCodes.Status403Forbidden, "Not allowed", $"The key has no right to the task {task}.");
            }
        }

        RequireThere(model, tasks);
    }

    private static void RequireThere(MultiTaskModel model, string[] tasks)
    {
        if (tasks.FirstOrDefault(task => !model.Contains(task)) is { } missing)
            throw new RequestProblem(StatusCodes.Status404NotFound, "No such task", $"There is no task {missing}.");
    }

    private async Task<IReadOnlyList<ServedTask>> AllowedAsync(ClaimsPrincipal user)
    {
        List<ServedTask> allowed = [];
        foreach (ServedTask task in host.Model.Tasks)
        {
            if ((await authorization.AuthorizeAsync(user, task.Name, Access).ConfigureAwait(false)).Succeeded)
                allowed.Add(task);
        }

        return allowed;
    }

    private static string OutcomeOf(Exception exception) => exception switch
    {
        OperationCanceledException => "cancelled",
        _ => Problems.Describe(exception).Status switch
        {
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "refused",
            StatusCodes.Status500InternalServerError => "failed",
            Problems.ClientClosedRequest => "cancelled",
            _ => "rejected",
        },
    };

    private static string SentenceOf(ArgumentException exception) => exception.Message.Split(" (Parameter '")[0];
}
