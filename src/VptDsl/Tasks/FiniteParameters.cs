using VptDsl.Common;
using VptDsl.Programs;

namespace VptDsl.Tasks;

/// <summary>Keeps numbers that are none out of files, where they would be found long after training diverged.</summary>
internal static class FiniteParameters
{
    /// <summary>A parameter's elements.</summary>
    /// <exception cref="InvalidOperationException">Some are NaN or infinite.</exception>
    public static float[] Read(ModelDescription model, ParameterDescription parameter, Func<ParameterDescription, float[]> read)
    {
        float[] values = read(parameter);
        return FiniteNumbers.AreAll(values) ? values : throw new InvalidOperationException(
            $"{parameter.Name} of {model.Name} has elements that are NaN or infinite: load or train it again before it is saved.");
    }
}
