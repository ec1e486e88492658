namespace VptDsl.Compiler.Spec;

/// <summary>Reads arguments that choose a member of one of the language's enumerations.</summary>
internal static class Choices
{
    /// <summary>The member that is written; null where none is, and where a problem was added because no member has the number.</summary>
    public static T? Choice<T>(this DeclaredAttribute attribute, string argument, List<Problem> problems)
        where T : struct, Enum
    {
        if (attribute.Number(argument) is not { } number)
            return null;
        object member = Enum.ToObject(typeof(T), number);
        if (Enum.IsDefined(typeof(T), member))
            return (T)member;
        string[] names = [.. Enum.GetNames(typeof(T)).Select(name => $"{typeof(T).Name}.{name}")];
        string remedy = names.Length == 2 ? string.Join(" or ", names) : "one of " + string.Join(", ", names);
        problems.Add(Problems.UnknownValue(attribute.Locate(argument), typeof(T).Name, number, remedy));
        return null;
    }
}
