namespace VptDsl.Compiler.Spec;

/// <summary>
/// The user's part and the generated one declare different members, and nothing in an attribute depends on the generated one.
/// </summary>
internal static class MemberRules
{
    public static void Check(Declaration declaration, List<Problem> problems)
    {
        foreach (DeclaredMember member in declaration.Members)
        {
            if (member.Name == DeclaredMember.Constructor)
                problems.Add(Problems.ConstructorTaken(member.Place, declaration.Type.Identity.PlainName));
            else if (SurfaceMember.All.Any(m => m.CollidesWith(member)))
                problems.Add(Problems.MemberTaken(member.Place, member.Name));
            else if (member.IsRequired)
                problems.Add(Problems.MemberRequired(member.Place, member.Name));
        }

        foreach (DeclaredAttribute attribute in declaration.Attributes)
        {
            foreach (GeneratedArgument argument in attribute.GeneratedArguments)
                problems.Add(Problems.NotYetGenerated(SpecParts.Of(attribute.Role, argument.Name), argument.Constant));
        }
    }
}
