using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using VptDsl.Testing.Documentation;

namespace VptDsl.Tests.Documentation;

/// <summary>
/// Protects who copies an application: every block of ASP.NET Core, Orleans or ONNX Runtime (<c>csharp web</c>) compiles, with no more
/// around it than the page says that there is. Other code of pages is <c>ExampleTests</c>' of VptDsl.Generators.Tests.
/// </summary>
public sealed partial class ApplicationExampleTests
{
    /// <summary>What a project of Microsoft.NET.Sdk.Web uses by itself.</summary>
    private const string Implicit = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;

        """;

    private const string Model = "\n[VptDsl.Vit(VptDsl.VitSize.Tiny), VptDsl.LinearHead] public sealed partial class FlowerTuner;";

    /// <summary>What a block goes on from, by a name that it uses and does not declare.</summary>
    private static readonly IReadOnlyDictionary<string, string> Before = new Dictionary<string, string>
    {
        ["builder"] = "WebApplicationBuilder builder = WebApplication.CreateBuilder(args);\n",
        ["pixels"] = "float[] pixels = [];\n",
    };

    public static TheoryData<string, int> Applications
    {
        get
        {
            var data = new TheoryData<string, int>();
            IEnumerable<MarkdownBlock> blocks = RepositoryFiles.Pages.SelectMany(MarkdownBlock.Of);
            foreach (MarkdownBlock block in blocks.Where(block => block.Language == "csharp web"))
                data.Add(block.Page, block.Line);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Applications))]
    public void An_application_compiles(string page, int line)
    {
        string text = MarkdownBlock.Of(page).Single(block => block.Line == line).Text;
        string usings = string.Concat(Using().Matches(text).Select(match => match.Value)), body = Using().Replace(text, "");
        string before = string.Concat(
            Before.Where(pair => Regex.IsMatch(body, $@"\b{pair.Key}\b") && !Regex.IsMatch(body, $@"\w {pair.Key} = "))
                .Select(pair => pair.Value));
        Assert.Empty(UserBuild.ErrorsIn(Implicit + usings + before + body + Model, OutputKind.ConsoleApplication));
    }

    [GeneratedRegex(@"^using [\w.]+;\n", RegexOptions.Multiline)]
    private static partial Regex Using();
}
