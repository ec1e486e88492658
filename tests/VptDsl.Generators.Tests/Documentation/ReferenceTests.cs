using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using VptDsl.Compiler.Common;
using VptDsl.Compiler.Spec;
using VptDsl.Generators.Parsing;
using VptDsl.Testing.Documentation;

namespace VptDsl.Generators.Tests.Documentation;

/// <summary>Protects the language reference from falling behind the language.</summary>
public sealed class ReferenceTests
{
    private static readonly string Reference = RepositoryFiles.Read("docs/dsl-reference.md");

    [Fact]
    public void Every_attribute_has_a_section_that_lists_its_arguments()
    {
        foreach (KnownAttribute known in KnownAttribute.All)
        {
            string section = Section(known.Kind.ToString());
            Type attribute = typeof(VitAttribute).Assembly.GetType(known.MetadataName)!;
            Assert.All(
                attribute.GetProperties().Where(p => p.SetMethod is not null && !IsOfEveryTransformer(attribute, p)),
                p => Assert.Contains($"\n| `{p.Name}` |", section, StringComparison.Ordinal));
        }
    }

    /// <summary>A family's section has what is its own; the rest is in that of the plain vision transformer.</summary>
    [Fact]
    public void Every_default_of_a_family_that_is_its_own_is_listed_and_every_size()
    {
        var plain = new VitAttribute();
        foreach (KnownAttribute known in KnownAttribute.All.Where(k => k.Kind.IsVisionTransformer() && k.Kind != AttributeKind.Vit))
        {
            string section = Section(known.Kind.ToString());
            Type type = typeof(VitAttribute).Assembly.GetType(known.MetadataName)!;
            Type sizes = type.GetConstructors().Single().GetParameters().Single().ParameterType;
            foreach (object size in Enum.GetValues(sizes))
            {
                var family = (VisionTransformerAttribute)Activator.CreateInstance(type, size)!;
                Assert.All(
                    type.GetProperties()
                        .Where(p => p.SetMethod is not null && !IsSize(p) && !p.GetValue(family)!.Equals(p.GetValue(plain))),
                    p => Assert.Contains($"\n| `{p.Name}` |", section, StringComparison.Ordinal));
                string shape = FormattableString.Invariant(
                    $"| {family.Width} | {family.Layers} | {family.Heads} | {family.Mlp} | {family.Patch} | {family.Image} |");
                string count = FormattableString.Invariant($"{Parameters(known.Kind, (int)size):N0}");
                Assert.Contains($"\n| `{sizes.Name}.{size}` {shape} {count} |\n", section, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>What the attribute itself defaults to, which is what the compiler takes: <c>DefaultsTests</c>.</summary>
    [Fact]
    public void Every_default_in_a_table_is_that_of_the_attribute()
    {
        foreach (KnownAttribute known in KnownAttribute.All)
        {
            Type type = typeof(VitAttribute).Assembly.GetType(known.MetadataName)!;
            ConstructorInfo constructor = type.GetConstructors().MinBy(c => c.GetParameters().Length)!;
            object attribute = constructor.Invoke([.. constructor.GetParameters().Select(p => Activator.CreateInstance(p.ParameterType))]);
            string section = Section(known.Kind.ToString());
            foreach (PropertyInfo property in type.GetProperties().Where(p => p.SetMethod is not null))
            {
                string listed = Regex.Match(section, $@"\n\| `{property.Name}` \| (?<listed>[^|]*) \|").Groups["listed"].Value.Trim('`');
                if (IsValue(listed) && property.GetValue(attribute) is { } value
                    && !value.Equals(Activator.CreateInstance(property.PropertyType)))
                {
                    Assert.Equal(Written(value), listed);
                }
            }
        }
    }

    private static bool IsOfEveryTransformer(Type attribute, PropertyInfo argument) =>
        attribute != typeof(VitAttribute) && argument.DeclaringType == typeof(VisionTransformerAttribute);

    /// <summary>Whether the table of presets has it, or what it follows.</summary>
    private static bool IsSize(PropertyInfo argument) => argument.Name is
        nameof(VitAttribute.Width) or nameof(VitAttribute.Layers) or nameof(VitAttribute.Heads) or nameof(VitAttribute.Mlp)
        or nameof(VitAttribute.ImageHeight) or nameof(VitAttribute.ImageWidth)
        or nameof(VitAttribute.PatchHeight) or nameof(VitAttribute.PatchWidth);

    private static double Parameters(AttributeKind kind, int size) =>
        VitRules.Resolve(new(kind, EquatableArray.Of(new DeclaredArgument("Size", size, null))), [])!.ParameterCount;

    /// <summary>Whether a cell is a value, and not words such as "the preset's".</summary>
    private static bool IsValue(string cell) => Regex.IsMatch(cell, @"^(-?[0-9.]+|true|false|\w+\.\w+)$");

    private static string Written(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        Enum member => $"{member.GetType().Name}.{member}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Section(string heading)
    {
        int start = Reference.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/dsl-reference.md has no section '{heading}'.");
        int end = Reference.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? Reference[start..] : Reference[start..end];
    }
}
