namespace VptDsl.Compiler.Tests.Protocols;

/// <summary>Attributes reach the compiler as numbers: its copies of the library's enumerations have the same names for the same ones.</summary>
public sealed class EnumAgreementTests
{
    public static TheoryData<Type, Type> Copies { get; } = new()
    {
        { typeof(PromptDraw), typeof(Spec.PromptDraw) },
        { typeof(PromptFlow), typeof(Spec.PromptFlow) },
        { typeof(PatchStart), typeof(Spec.PatchStart) },
        { typeof(PixelStart), typeof(Spec.PixelStart) },
        { typeof(TokenPool), typeof(Spec.TokenPool) },
        { typeof(FinalNorm), typeof(Spec.FinalNorm) },
        { typeof(PositionEmbedding), typeof(Spec.PositionEmbedding) },
        { typeof(SetrDecoder), typeof(Spec.SetrDecoder) },
        { typeof(Programs.ParameterKind), typeof(Compiler.Graph.ParameterKind) },
        { typeof(Programs.Distribution), typeof(Compiler.Graph.Distribution) },
    };

    [Theory]
    [MemberData(nameof(Copies))]
    public void A_copy_has_the_same_names_and_numbers(Type library, Type compiler)
    {
        Assert.NotEqual(library, compiler);
        Assert.Equal(Members(library), Members(compiler));
    }

    private static IEnumerable<(string Name, int Number)> Members(Type type) =>
        Enum.GetValues(type).Cast<object>().Select(value => (value.ToString()!, Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture)));
}
