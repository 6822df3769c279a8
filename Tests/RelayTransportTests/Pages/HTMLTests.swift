// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport
import Testing

@Suite struct HTMLTests {
    @Test func `what is put into a page is escaped, what stands in our source is not`() {
        let name = #""><script>alert('1')</script>&`"#
        let html: HTML = "<p title=\"\(name)\">\(name)</p>"
        let escaped = "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&#96;"
        #expect(html.markup == "<p title=\"\(escaped)\">\(escaped)</p>")
        let list: [HTML] = ["<b>", "\(3)"]
        #expect(("\(list)\(html + "<i>")" as HTML).markup == "<b>3" + html.markup + "<i>")
        #expect(HTML.joined(list, by: ", ").markup == "<b>, 3")
    }

    @Test(arguments: [
        ("\u{202E}", "202E"), ("\u{2066}", "2066"), ("\u{0}", "0000"), ("\u{1B}", "001B"), ("\u{85}", "0085"),
        ("\u{200B}", "200B"), ("\u{FEFF}", "FEFF"), ("\u{E0041}", "E0041"), ("\u{AD}", "00AD"),
        ("\u{2028}", "2028"),
    ])
    func `what hides is never in a page as it is`(hidden: String, name: String) {
        #expect(("\("a\(hidden)b")" as HTML).markup == "a\u{FFFD}b")
        #expect(
            ForeignText(most: 9).html("a\(hidden)b").markup == "a<mark class=\"hidden\">U+\(name)</mark>b")
    }

    @Test(arguments: ["👩‍👩‍👧", "❤️", "שלום", "नमस्ते", "a\nb\tc", "🏴"])
    func `words and pictures of all scripts stay what they are`(text: String) {
        #expect(ForeignText(most: 99).html(text).markup == text)
    }

    @Test func `a text that is too long is cut, whatever it is made of`() {
        let flood = "e" + String(repeating: "\u{301}", count: 1_000_000)
        #expect(flood.count == 1)
        let html = ForeignText(most: 10).html(flood).markup
        #expect(html.unicodeScalars.count < 80 && html.hasSuffix("… 999991 more</mark>"))
        #expect(ForeignText(most: 4).line("  a\n\nb   cdef ") == "a b …")
        #expect(ForeignText(most: 9).html("a\r\nb").markup == "a\nb")
    }
}
