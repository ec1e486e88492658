using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using VptDsl.Data;
using VptDsl.MultiTask;
using VptDsl.Serving.Hosting;

namespace VptDsl.Serving.Http;

/// <summary>What goes wrong as problem details (RFC 9457).</summary>
internal sealed partial class Problems(ILogger<Problems> logger) : IEndpointFilter
{
    /// <summary>nginx's status for whoever did not wait; nobody receives it, but logs and metrics do.</summary>
    public const int ClientClosedRequest = 499;

    public static ProblemHttpResult Of(int status, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return TypedResults.StatusCode(ClientClosedRequest);
        }
        catch (Exception e)
        {
            RequestProblem problem = Describe(e);
            if (problem.Status == StatusCodes.Status500InternalServerError)
                LogFailure(logger, http.Request.Path, e);
            if (problem.RetryAfter is { } pause)
            {
                http.Response.Headers.RetryAfter =
                    Math.Max(1, Math.Ceiling(pause.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
            }

            return Of(problem.Status, problem.Title, problem.Message);
        }
    }

    /// <summary>What an exception is to the one who asked.</summary>
    public static RequestProblem Describe(Exception exception) => exception switch
    {
        RequestProblem problem => problem,
        TaskQueueFullException full =>
            new(StatusCodes.Status429TooManyRequests, "Queue full", full.Message) { RetryAfter = full.RetryAfter },
        ImageDataException image => new(StatusCodes.Status400BadRequest, "Bad image", image.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ImageBody.TooLarge("The body is too large."),
        BadHttpRequestException bad => new(bad.StatusCode, "Bad request", bad.Message),
        NotFiniteNumberException overflow => new(StatusCodes.Status500InternalServerError, "No answer", overflow.Message),
        ObjectDisposedException => TaskHost.Stopping(),
        _ => new(StatusCodes.Status500InternalServerError, "Failed", "The server could not answer; its log says why."),
    };

    [LoggerMessage(20, LogLevel.Error, "A request of {Path} failed.")]
    private static partial void LogFailure(ILogger logger, string path, Exception exception);
}
