using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;

namespace VptDsl.Generators.Tests.Specs;

/// <summary>Writes declarations down as plain values.</summary>
internal static class DeclarationBuilder
{
    private static readonly DeclaredType Type = new(
        new TypeIdentity("Models", "Flowers", "public"), IsPartial: true, ContainingType: null, IsGeneric: false, TypeObstacle.None,
        BaseClass: null);

    public static Declaration Declare(params DeclaredAttribute[] attributes) => new(Type, attributes.ToEquatableArray());

    public static ModelSpec Model(params DeclaredAttribute[] attributes)
    {
        Resolution resolution = SpecResolver.Resolve(Declare(attributes));
        Assert.Empty(resolution.Problems);
        return resolution.Model!;
    }

    public static VitSpec Vit(this ModelSpec model) => (VitSpec)model.Backbone;

    public static TokenPromptSpec Tokens(this ModelSpec model) => (TokenPromptSpec)model.Prompts!;

    public static DeclaredAttribute Vit(params (string Name, int Value)[] arguments) =>
        new(AttributeKind.Vit, Numbers(arguments).ToEquatableArray());

    public static DeclaredAttribute Swin(params (string Name, int Value)[] arguments) =>
        new(AttributeKind.Swin, Numbers(arguments).ToEquatableArray());

    public static DeclaredAttribute Deep(string? layers, params (string Name, int Value)[] arguments) =>
        new(AttributeKind.DeepPrompt, Numbers(arguments).Append(new DeclaredArgument("Layers", null, layers)).ToEquatableArray());

    public static DeclaredAttribute Head() =>
        new(AttributeKind.LinearHead, EquatableArray.Of(new DeclaredArgument("Classes", 10, null)));

    public static DeclaredAttribute Mlp(params (string Name, int Value)[] arguments) =>
        new(AttributeKind.MlpHead, Numbers([("Classes", 10), .. arguments]).ToEquatableArray());

    private static IEnumerable<DeclaredArgument> Numbers((string Name, int Value)[] arguments) =>
        arguments.Select(a => new DeclaredArgument(a.Name, a.Value, null));
}
