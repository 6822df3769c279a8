// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension WordScalar {
    /// What each scalar from a first one on is folded to: case and diacritics go. A dot: it stays as it is.
    ///
    /// A table of our own, so that what is indexed does not change with the Unicode of a compiler.
    private static let foldedText: [(first: UInt32, text: String)] = [
        (0x00C0, "aaaaaaæceeeeiiiidnooooo.ouuuuyþßaaaaaaæceeeeiiiidnooooo.ouuuuyþy"),
        (0x0100, "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiĳĳjjkkĸllllllŀ"),
        (0x0140, "ŀllnnnnnnŉnnooooooœœrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"),
        (0x0180, "ƀɓƃƃƅƅɔƈƈɖɗƌƌƍǝəɛƒƒɠɣƕɩɨƙƙƚƛɯɲƞɵooƣƣƥƥʀƨƨʃƪƫƭƭʈuuʊʋƴƴƶƶʒƹƹƺƻƽƽƾƿ"),
        (0x01C0, "ǀǁǂǃǆǆǆǉǉǉǌǌǌaaiioouuuuuuuuuuǝaaaaææǥǥggkkooooʒʒjǳǳǳggƕƿnnaaææoo"),
        (0x0200, "aaaaeeeeiiiioooorrrruuuussttȝȝhhƞȡȣȣȥȥaaeeooooooooyyȴȵȶȷȸȹⱥȼȼƚⱦȿ"),
        (0x0240, "ɀɂɂƀʉʌɇɇɉɉɋɋɍɍɏɏɐɑɒɓɔɕɖɗɘəɚɛɜɝɞɟɠɡɢɣɤɥɦɧɨɩɪɫɬɭɮɯɰɱɲɳɴɵɶɷɸɹɺɻɼɽɾɿ"),
        (0x0280, "ʀʁʂʃʄʅʆʇʈʉʊʋʌʍʎʏʐʑʒʓʔʕʖʗʘʙʚʛʜʝʞʟʠʡʢʣʤʥʦʧʨʩʪʫʬʭʮʯhɦjrɹɻʁwyʹʺʻʼʽʾʿ"),
        (0x02C0, "ˀˁ....ˆˇˈˉˊˋˌˍˎˏːˑ..............ɣlsxʕ.......ˬ.ˮ................."),
        (0x0340, "................................................ͱͱͳͳʹ.ͷͷ..ͺͻͼͽ.ϳ"),
        (0x0380, "......α.εηι.ο.υωιαβγδεζηθικλμνξοπρ.στυφχψωιυαεηιυαβγδεζηθικλμνξο"),
        (0x03C0, "πρσστυφχψωιυουωϗβθυυυφπϗϙϙϛϛϝϝϟϟϡϡϣϣϥϥϧϧϩϩϫϫϭϭϯϯκρσϳθε.ϸϸσϻϻϼͻͼͽ"),
        (0x0400, "ееђгєѕііјљњћкиуџабвгдежзииклмнопрстуфхцчшщъыьэюяабвгдежзииклмноп"),
        (0x0440, "рстуфхцчшщъыьэюяееђгєѕііјљњћкиуџѡѡѣѣѥѥѧѧѩѩѫѫѭѭѯѯѱѱѳѳѵѵѵѵѹѹѻѻѽѽѿѿ"),
        (0x0480, "ҁҁ........ҋҋҍҍҏҏґґғғҕҕҗҗҙҙққҝҝҟҟҡҡңңҥҥҧҧҩҩҫҫҭҭүүұұҳҳҵҵҷҷҹҹһһҽҽҿҿ"),
        (0x04C0, "ӏжжӄӄӆӆӈӈӊӊӌӌӎӎӏааааӕӕееәәәәжжззӡӡииииооөөөөээууууууччӷӷыыӻӻӽӽӿӿ"),
        (0x0500, "ԁԁԃԃԅԅԇԇԉԉԋԋԍԍԏԏԑԑԓԓԕԕԗԗԙԙԛԛԝԝԟԟԡԡԣԣԥԥԧԧԩԩԫԫԭԭԯԯ.աբգդեզէըթժիլխծկ"),
        (0x0540, "հձղճմյնշոչպջռսվտրցւփքօֆ..ՙ......ՠաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտ"),
        (0x0580, "րցւփքօֆև"),
        (0x1E00, "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"),
        (0x1E40, "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"),
        (0x1E80, "wwwwwwwwwwxxxxyyzzzzzzhtwyẚsẜẝßẟaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"),
        (0x1EC0, "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỻỽỽỿỿ"),
        (0x1F00, "ααααααααααααααααεεεεεε..εεεεεε..ηηηηηηηηηηηηηηηηιιιιιιιιιιιιιιιι"),
        (0x1F40, "οοοοοο..οοοοοο..υυυυυυυυ.υ.υ.υ.υωωωωωωωωωωωωωωωωααεεηηιιοουυωω.."),
        (0x1F80, "ᾀᾁᾂᾃᾄᾅᾆᾇᾈᾉᾊᾋᾌᾍᾎᾏᾐᾑᾒᾓᾔᾕᾖᾗᾘᾙᾚᾛᾜᾝᾞᾟᾠᾡᾢᾣᾤᾥᾦᾧᾨᾩᾪᾫᾬᾭᾮᾯααᾲᾳᾴ.αᾷααααᾼ.ι."),
        (0x1FC0, "..ῂῃῄ.ηῇεεηηῌ...ιιιι..ιιιιιι....υυυυρρυυυυυυρ.....ῲῳῴ.ωῷοοωωῼ..."),
    ]

    /// The same by scalar, from ``foldedRange`` and ``extendedRange``.
    static let folded: [UInt16] = {
        var table = [UInt16](repeating: 0, count: foldedRange.count + extendedRange.count)
        for (first, text) in foldedText {
            for (offset, scalar) in text.unicodeScalars.enumerated() where scalar != "." {
                let value = first + UInt32(offset)
                let place = value < extendedRange.lowerBound ? value - 0xC0 : value - 0x1E00 + 0x4C8
                table[Int(place)] = UInt16(scalar.value)
            }
        }
        return table
    }()

    static let foldedRange: Range<UInt32> = 0xC0..<0x588
    static let extendedRange: Range<UInt32> = 0x1E00..<0x2000
}
