using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using VptDsl.MultiTask;

namespace VptDsl.Serving.Http;

/// <summary>Which classes of a prediction a caller wants to hear of.</summary>
/// <param name="Top">The most classes; null where nobody said.</param>
/// <param name="Threshold">The least probability, from 0 to 1; null where nobody said.</param>
internal readonly record struct ToldClasses(int? Top, float? Threshold)
{
    private const int UsualTop = 5;

    /// <summary>Reads a request's query.</summary>
    /// <exception cref="RequestProblem">It makes no sense.</exception>
    public static ToldClasses Of(HttpRequest request)
    {
        string? top = request.Query["top"], threshold = request.Query["threshold"];
        int most = 0;
        float least = 0;
        if (top is not null && !(int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most > 0))
            throw Bad("top is how many classes are told, 1 or more.");
        if (threshold is not null && !(TryParse(threshold, out least) && least is >= 0 and <= 1))
            throw Bad("threshold is the least probability of a class that is told, from 0 to 1, as in 0.5.");

        return new ToldClasses(top is null ? null : most, threshold is null ? null : least);
    }

    /// <summary>The classes, the most probable first: where a threshold is all that is said, all that reach it.</summary>
    public ImmutableArray<(string ClassName, float Probability)> Of(TaskPrediction prediction)
    {
        ImmutableArray<(string ClassName, float Probability)> best = prediction.AtLeast(Threshold ?? 0);
        int most = Top ?? (Threshold is null ? UsualTop : best.Length);
        return best.Length > most ? best[..most] : best;
    }

    private static bool TryParse(string text, out float number) =>
        float.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    private static RequestProblem Bad(string detail) => new(StatusCodes.Status400BadRequest, "Bad request", detail);
}
