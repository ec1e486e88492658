using System.Globalization;
using System.Reflection;

namespace VptDsl.Tasks;

/// <summary>The attributes that declare a model, as C# has them.</summary>
internal static class DeclaredAttributes
{
    private const string Classes = nameof(LinearHeadAttribute.Classes);

    /// <summary>
    /// Those of a class, then those of its bases whose roles none nearer to it plays; as if the head had been declared for a task's
    /// classes.
    /// </summary>
    /// <param name="model">The annotated class.</param>
    /// <param name="classes">The number of the task's classes.</param>
    /// <returns>For instance <c>[Vit(VitSize.Base, Patch = 16)] [DeepPrompt(Tokens = 10)] [LinearHead(Classes = 5)]</c>.</returns>
    public static string Of(Type model, int classes)
    {
        List<string> written = [];
        HashSet<Type> roles = [];
        for (Type? type = model; type is not null && type != typeof(Tuner); type = type.BaseType)
        {
            CustomAttributeData[] own = [.. type.GetCustomAttributesData().Where(IsOfTheLanguage)];
            written.AddRange(own.Where(data => !roles.Contains(RoleOf(data))).Select(data => Write(data, classes)));
            roles.UnionWith(own.Select(RoleOf));
        }

        return string.Join(' ', written);
    }

    private static bool IsOfTheLanguage(CustomAttributeData data) => data.AttributeType.Assembly == typeof(HeadAttribute).Assembly;

    private static Type RoleOf(CustomAttributeData data) =>
        new[] { typeof(BackboneAttribute), typeof(PromptAttribute), typeof(HeadAttribute) }
            .FirstOrDefault(role => role.IsAssignableFrom(data.AttributeType)) ?? data.AttributeType;

    private static string Write(CustomAttributeData data, int classes)
    {
        var named = data.NamedArguments.ToDictionary(argument => argument.MemberName, argument => Write(argument.TypedValue));
        if (typeof(HeadAttribute).IsAssignableFrom(data.AttributeType))
            named[Classes] = classes.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            .. data.ConstructorArguments.Select(Write),
            .. named.OrderBy(argument => argument.Key, StringComparer.Ordinal).Select(argument => $"{argument.Key} = {argument.Value}"),
        ];
        string name = data.AttributeType.Name[..^nameof(Attribute).Length];
        return arguments.Length == 0 ? $"[{name}]" : $"[{name}({string.Join(", ", arguments)})]";
    }

    private static string Write(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => "\"" + text.Replace("\\", @"\\").Replace("\"", "\\\"") + "\"",
        var number when argument.ArgumentType.IsEnum => Write(argument.ArgumentType, number),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        var number => Convert.ToString(number, CultureInfo.InvariantCulture)!,
    };

    private static string Write(Type type, object number)
    {
        string names = Enum.ToObject(type, number).ToString()!;
        return char.IsLetter(names[0])
            ? string.Join(" | ", names.Split(", ").Select(name => $"{type.Name}.{name}"))
            : $"({type.Name})({Convert.ToString(number, CultureInfo.InvariantCulture)})";
    }
}
