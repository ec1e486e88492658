namespace VptDsl.Serving.Http;

/// <summary>A request is answered with a status other than 200.</summary>
internal sealed class RequestProblem(int status, string title, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string Title { get; } = title;

    public TimeSpan? RetryAfter { get; init; }
}
