using System.Globalization;
using Pretrain.Characters;
using Pretrain.Fonts;
using Pretrain.Rendering;
using VptDsl.Data;

namespace VptDsl.Tests.Samples;

/// <summary>
/// Protects what the samples' backbone has seen: fonts that anybody may use, no digit and nothing that could be taken for one, and the same
/// images for the same seed.
/// </summary>
public sealed class PretrainImagesTests
{
    [Fact]
    public void Every_package_is_listed_once_by_name_with_a_licence_that_permits_everything()
    {
        string[] names = [.. FontPackage.All.Select(package => package.Name)];
        Assert.True(names.Length > 200, $"{names.Length} packages are listed.");
        Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
        Assert.All(FontPackage.All, package =>
        {
            Assert.DoesNotContain("GPL", package.Licence, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("-SA", package.Licence, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("-NC", package.Licence, StringComparison.OrdinalIgnoreCase);
            Assert.NotEmpty(package.Scripts);
        });
    }

    [Fact]
    public void No_character_is_a_number_or_listed_as_like_one()
    {
        int[] characters = [.. Script.All.SelectMany(script => script.Characters()).Where(c => !DigitLookAlikes.Contains(c))];

        Assert.True(characters.Length > 10_000, $"{characters.Length} characters are left.");
        Assert.DoesNotContain(characters, c => CharUnicodeInfo.GetNumericValue(char.ConvertFromUtf32(c), 0) is >= 0 and < 10
            && !IsHanNumeral(c));
        Assert.Empty("0123456789OoIlZzSsBbGgq".EnumerateRunes().Select(rune => rune.Value).Intersect(characters));
    }

    [SkippableFact]
    public void Packages_that_are_missing_are_named_in_the_line_that_installs_them()
    {
        Skip.IfNot(File.Exists("/usr/bin/dpkg-query"), "This is no Debian.");

        IOException missing = Assert.Throws<IOException>(() => DebianFiles.FontsOf([new("fonts-of-nobody", "OFL-1.1", "Latin")]));

        Assert.EndsWith("sudo apt-get install --no-install-recommends fonts-of-nobody", missing.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_rendering_depends_on_its_stream_of_chance_alone()
    {
        const string folder = "/usr/share/fonts";
        string? file = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.ttf", SearchOption.AllDirectories).Min() : null;
        Skip.If(file is null, "This machine has no fonts.");
        FontFace[][] families = [[.. FontFace.Open([file]).Where(face => face.Holds(['E'])[0])]];
        Skip.If(families[0].Length == 0, $"{file} has no letters.");

        Assert.Equal(Render(seed: 1), Render(seed: 1));
        Assert.NotEqual(Render(seed: 1), Render(seed: 2));
        Assert.All(Render(seed: 1), pixel => Assert.InRange(pixel, 0, 1));

        float[] Render(long seed)
        {
            float[] image = new float[Renderer.Side * Renderer.Side];
            var random = new RandomStream(seed, 1, 2);
            Renderer.Draw('E', families, image, ref random);
            return image;
        }
    }

    /// <summary>Han characters that mean a number, such as 三, look like none of ours.</summary>
    private static bool IsHanNumeral(int character) => character is >= 0x4E00 and <= 0x9FFF;
}
