using System.Collections.Frozen;

namespace Pretrain.Characters;

/// <summary>What a reader could take for a digit. Pre-training shows none of it, so that digits are new to what is tuned later.</summary>
/// <remarks>
/// Numbers of every script are left out by their category in Unicode, and raised, circled and full-width ones because Unicode takes them
/// apart. These are the others, a person's judgement of shapes, handwriting included; <c>CharacterChoice</c> finds more of them by
/// comparing outlines.
/// </remarks>
internal static class DigitLookAlikes
{
    private static readonly FrozenSet<int> Listed = new[]
    {
        // 0: rings, discs and boxes, empty, struck through or with something small inside.
        "OoØøƟɵΟοΘθϴОоѲѳӨөՕօסםഠဝဂႭⵔⵕⵀⵙⲞⲟᎾᐤ○◯◌◍◎●◉⊙⊕⊖⊗⊘⊚⊛⊜⊝⌀∅∘°º◦•◘◙.·․‧∙⋅ᐧ᙮◊◇◆♢♦ロ口囗□▢■▪▫◻◼◽◾⌷⎕Q이ƏəѺѻⵚ⟁©®@"
            + "☺☼☀◐◑◒◓%‰‱هठઠอອစዐዖዕፀߏȸȹ白且ර",
        // 1: an upright stroke, with or without a dot, a foot or a serif; slanted ones too.
        "IlŀłŁiıɩɪƗɨƖǀǁǃ|¦!¡/\\ΙιІіӀӏוןا।ㅣ丨亅ⵏᛁⲒⲓⵑⵊ†‡∣∤∥⏐│┃╎╏┆┇┊┋❘❙❚╵╷╹╻╽╿╱╲⁄∕∖❗❕Ꭵᐅ이jȷЈјյʃſ()[]{},′‵∫⌠ノ丿乀ᐟ"
            + "ᐠ工エェזᛐល",
        // 2: a hook or a zigzag with a foot.
        "ZzƵƶȤȥʐʑƻΖζƧƨՇշձ乙己已巳ⵣⵥટʔʕᏃᒿ?¿ㄹջშરஉহღՀչҨԱຂឧឩឲ௨ƍ",
        // 3: two bows, open to the left.
        "ҘҙƷʒǮǯȜȝɜɝƐʓЗзӠӡЭэԐԑԶզӬӭვპჳჰკろるそヨョઉઊउऊओऔও𐐟ဒᎫㅌξѮѯԆԇԄԅƺƪⲝㄋㄢϡϩƛ",
        // 4: an angle crossed by an upright.
        "ЧчӋӌҶҷҸҹՎվկԿᏎყᔦㄐㄣ丩ɥⴗ屮斗yႡᔨᔪᔭᖧᖨᖪᖬႵႷჄჃ",
        // 5 and S: a double curve.
        "SsЅѕՏտʂȿƼƽ§$ടડऽઽちらჽธรຣຮ₷∽∾∿ᏚᎦ丂弓ϟϞϛςઙᛋᛌᛊㄅㄘㄎㄉⵢうぅҔҕ",
        // 6: a bow closed below.
        "bɓƄƅƃƂБбЬьЪъҌҍѢѣЫыნბხσδϬϭծԾⴆႦᏏ♭ᑲᒃɕճGƓð∂ⳝԌԍ",
        // 7: an angle open to the lower left, and one crossed.
        "フワヮヲクㄱㄗ了⅂ךרד⌐⅃﹁¬ᒣᒧ⌝」┐┓┑┒┘┛ᛚᚪማ⁊マႨႤႢገነንזⳡ",
        // 8: two rings or bows, one on the other or side by side.
        "BßβϐΒВвƁʙȢȣ&∞Ⴝ♾日曰目Ꮄꝏ:;ՑցՖֆϑϦႹჵ⵰ദഭ巴ㄖⳟ",
        // 9 and g: a bow closed above.
        "gqɡɋƣƢԛԳգՔքզقفوؤۆۇۈۋףϘϙҁϤϥဖຖงງទეႳფဥ၅أഉᎮ𐐎ҩɊԚจຈခየጎวວ",
    }.SelectMany(line => line.EnumerateRunes()).Select(rune => rune.Value).ToFrozenSet();

    /// <summary>Whether a character is listed.</summary>
    public static bool Contains(int character) => Listed.Contains(character);
}
