namespace VptDsl.Compiler.Spec;

/// <summary>Fills in the defaults of a side network and checks its sizes.</summary>
internal static class SideRules
{
    private const int PatchOfConvolutions = 16;

    private static readonly SideNetworkAttribute Usual = new();

    /// <summary>The side network, or null where there is none or problems were added.</summary>
    public static SideSpec? Resolve(Declaration declaration, BackboneSpec? backbone, List<Problem> problems)
    {
        if (declaration.InRole(AttributeRole.Side).FirstOrDefault() is not { } side || backbone is null)
            return null;
        int before = problems.Count;
        int width = side.Number("Width") ?? Usual.Width;
        PlaneSize patch = (side.Number("Patch") ?? Usual.Patch) is var stated and not 0 ? stated : PatchOf(backbone);
        if (width < 1)
            problems.Add(Problems.NotPositive(side.Locate("Width"), "Width", width));
        if (patch.Height < 1)
        {
            problems.Add(Problems.NotPositive(side.Locate("Patch"), "Patch", patch.Height));
        }
        else if (!backbone.Image.IsMultipleOf(patch))
        {
            problems.Add(Problems.ImageNotDivisible(
                side.Locate("Patch"), backbone.Image, patch, $"Patch a divisor of {Sides(backbone.Image)}"));
        }

        return problems.Count > before ? null : new(width, patch);
    }

    /// <summary>The backbone's own patches where it has some.</summary>
    private static PlaneSize PatchOf(BackboneSpec backbone) => backbone switch
    {
        VitSpec vit => vit.Patch,
        SwinSpec swin => swin.Patch,
        _ => PatchOfConvolutions,
    };

    private static string Sides(PlaneSize image) => image.IsSquare ? $"{image}" : $"{image.Height} and {image.Width}";
}
