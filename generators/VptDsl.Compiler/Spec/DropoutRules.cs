using VptDsl.Compiler.Common;

namespace VptDsl.Compiler.Spec;

/// <summary>Checks shares that training drops.</summary>
internal static class DropoutRules
{
    /// <summary>The share that an attribute states, or the default.</summary>
    public static double Resolve(DeclaredAttribute attribute, double otherwise, List<Problem> problems)
    {
        double rate = attribute.Real("Dropout") ?? otherwise;
        // A share that is 1 as a 32-bit float drops everything.
        if (!(rate >= 0 && (float)rate < 1))
            problems.Add(Problems.DropoutIsNoShare(attribute.Locate("Dropout"), rate));
        return rate;
    }

    /// <summary>What goes into an identity: nothing where nothing is dropped.</summary>
    public static string Identity(double rate) => rate == 0 ? "" : ",dropout=" + InvariantNumbers.Shortest(rate);
}
