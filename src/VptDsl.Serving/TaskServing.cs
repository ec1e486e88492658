using System.ComponentModel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VptDsl.Serving.Access;
using VptDsl.Serving.Hosting;
using VptDsl.Serving.Http;

namespace VptDsl.Serving;

/// <summary>Serves the tasks of a folder, on one backbone, over HTTP.</summary>
public static class TaskServing
{
    /// <summary>The name of the meter, for OpenTelemetry's <c>AddMeter</c>.</summary>
    public const string MeterName = "VptDsl.Serving";

    /// <summary>The name of the activity source, for OpenTelemetry's <c>AddSource</c>.</summary>
    public const string ActivitySourceName = "VptDsl.Serving";

    private const string Policy = "VptDsl.Serving", ReadyTag = "vptdsl-ready";

    private const string Top = "How many classes are told, the most probable first; 5 unless there is a threshold.";

    private const string Threshold = "The least probability of a class that is told, from 0 to 1. Where a task's images can have several "
        + "classes, those of this probability are the image's; 0.5 unless stated.";

    /// <summary>
    /// Puts a model on its device when the host starts, keeps its tasks what the files of a folder are, and answers what waits before the
    /// host stops.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="model">
    /// Loads the model that declares what a task is, called once, after the host has started. What it returns is disposed of before the
    /// host stops; its device is the caller's, for instance a singleton of the services.
    /// </param>
    /// <param name="configure">The options; at least <see cref="TaskServingOptions.TaskFolder"/> has to be set, here or elsewhere.</param>
    /// <exception cref="OptionsValidationException">When the host starts: an option makes no sense; says which.</exception>
    public static IServiceCollection AddVptDslTasks(
        this IServiceCollection services, Func<IServiceProvider, Tuner> model, Action<TaskServingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(model);
        services.AddOptions<TaskServingOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TaskServingOptions>, TaskServingOptionsValidator>());
        services.AddSingleton(new TaskModelFactory(model));
        services.AddMetrics();
        services.AddSingleton<ServingMetrics>();
        services.AddSingleton<TaskLimits>();
        services.AddSingleton<TaskRequests>();
        services.AddSingleton<TaskHost>();
        services.AddHostedService(provider => provider.GetRequiredService<TaskHost>());
        services.AddHealthChecks().AddCheck<ReadyCheck>("tasks", tags: [ReadyTag]);
        services.AddProblemDetails();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder().AddPolicy(
            Policy, policy =>
                policy.AddAuthenticationSchemes(ApiKeyAuthentication.SchemeName).RequireClaim(ApiKeyAuthentication.CallerClaim));
        services.AddSingleton<IAuthorizationHandler, TaskAccess>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AnswerJson.Default));
        return services;
    }

    /// <summary>
    /// Maps <c>GET tasks</c>, <c>GET status</c>, <c>POST tasks/{task}/predict</c>, <c>POST predict</c> and <c>POST ensemble</c>. The
    /// application has to use authorization before them, as one of <c>WebApplication.CreateBuilder</c> does by itself.
    /// </summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="prefix">What their paths begin with.</param>
    /// <returns>All of them, for further conventions.</returns>
    public static RouteGroupBuilder MapVptDslTasks(this IEndpointRouteBuilder endpoints, string prefix = "/v1")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        RouteGroupBuilder group = endpoints.MapGroup(prefix);
        group.RequireAuthorization(Policy).AddEndpointFilter<RouteGroupBuilder, Problems>().WithTags("Tasks")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        group.MapGet("/tasks", (HttpContext http, TaskRequests requests) => requests.ListAsync(http))
            .WithName("ListTasks").WithSummary("The tasks that may be asked, with their classes.");
        group.MapGet("/status", (TaskRequests requests) => requests.Status())
            .WithName("GetStatus").WithSummary("The queue now, and what has been computed since the start.");
        Describe(group.MapPost(
            "/tasks/{task}/predict",
            (HttpContext http, TaskRequests requests, string task, [Description(Top)] string? top,
                [Description(Threshold)] string? threshold) => requests.PredictAsync(http, task)))
            .WithName("Predict").WithSummary("What one task says of an image.");
        Describe(group.MapPost(
            "/predict",
            (HttpContext http, TaskRequests requests, [FromQuery(Name = "task")] string[] tasks, [Description(Top)] string? top,
                [Description(Threshold)] string? threshold) => requests.PredictEachAsync(http, tasks)))
            .WithName("PredictEach").WithSummary("What each of several tasks says of an image; all tasks, where none is named.");
        Describe(group.MapPost(
            "/ensemble",
            (HttpContext http, TaskRequests requests, [FromQuery(Name = "task")] string[] tasks, [Description(Top)] string? top,
                [Description(Threshold)] string? threshold) => requests.PredictEnsembleAsync(http, tasks)))
            .WithName("PredictEnsemble").WithSummary("The mean of what several tasks with the same classes say of an image.");
        return group;
    }

    /// <summary>
    /// Maps <c>/healthz</c>, which says that the process answers, and <c>/readyz</c>, which says that images are answered: not before the
    /// backbone is loaded, and not while the host stops. Neither asks for a key.
    /// </summary>
    /// <param name="endpoints">Where to.</param>
    public static IEndpointRouteBuilder MapVptDslHealth(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        endpoints.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) })
            .AllowAnonymous();
        return endpoints;
    }

    /// <summary>The body is read by hand, in bounds, but described like any other.</summary>
    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .Accepts<IFormFile>("image/*", "application/octet-stream", "multipart/form-data", "*/*")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
