using System.Globalization;
using System.Runtime.CompilerServices;

namespace VptDsl.Tool.Shell;

/// <summary>Numbers are read and written alike on every machine: in a German shell "0.5" was 5.</summary>
internal static class InvariantCulture
{
    // Before the first line of the program, so that descriptions of options are made of the same numbers.
    [ModuleInitializer]
    internal static void Use()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
    }
}
