// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import rookery

/// The TOML library would end the process at these, or leave something out.
@Suite struct TOMLDefectsTests {
    @Test(arguments: [
        "a = [}]", "a = [1, }", "a = [ # why\n }", "a = [[], }", "a = [\"]\", }", "a = [\u{85}1]",
        "a = [1,\u{2028}]",
        "a = [\u{2029}", "a = \'\'\'x\'\'\'\'\'\nb = [}", "a = \"\\\"\"\nb = [}",
    ])
    func `an array that has no value where one belongs is refused`(text: String) {
        let expected = ConfigError("a.toml: not TOML: an array has no value where one belongs")
        #expect(throws: expected) { try ConfigFile.values(in: text, path: "a.toml") }
    }

    @Test(arguments: [
        "[[[a]]]", "[=]", "[.relay]", "[ #]", "[\n]", "[[\t{", "a = 1\n  [}]", "\u{FEFF}[=", "\u{A0}[=",
        "a = [\n]\n[=]",
        "a = 1\u{B}[=",
    ])
    func `a table's header without a name is refused`(text: String) {
        let expected = ConfigError("a.toml: not TOML: a table has no name where one belongs")
        #expect(throws: expected) { try ConfigFile.values(in: text, path: "a.toml") }
    }

    /// The library must be safe with what is let through to it, refused or not.
    @Test(arguments: [
        "[", "[[", "[ ", "[]", "[[]]", "[ [a] ]", "[a", "[[a]", "['a\n]", "[a]]", "[a.]", "[\"\"]", "[a]#",
    ])
    func `other headers are the library's to judge`(text: String) {
        #expect(TOMLDefects.first(in: text) == nil)
        _ = try? ConfigFile.values(in: text, path: "a.toml")
    }

    @Test(arguments: ["a = \"a\\u0000b\"", "a = \"a\\U00000000b\"", "a = \"a\"\n\0[relay]\nwhat = 1"])
    func `a NUL is refused, as what follows would be left out`(text: String) {
        #expect(throws: ConfigError("a.toml: not TOML: a NUL means nothing here")) {
            try ConfigFile.values(in: text, path: "a.toml")
        }
    }

    @Test func `the environment is read with the same care`() {
        #expect(ConfigKind.texts.value(of: "[}") == nil)
        #expect(ConfigFile.value(of: "[1, }", mixing: true) == nil)
        #expect(ConfigFile.value(of: "\"\\u0000\"", mixing: false) == nil)
    }

    @Test(arguments: [
        "[a]\nb = [{ c = 1 }, { c = [] }] # [}", "a = \"[}\"", "a = '[}'", "a = \"\"\"\n[}\n\"\"\"",
        "a = '''[,}'''",
        "a = [\n  1, # }\n  2,\n]", "a = [[], [[]]]", "[a]\n[[b]]\n[ \"c\" ]\n[d.'e']",
        "a = [\n[1],\n[2]\n]\n[b]", "a = '\\u0000'", "a = \"\\\\u0000\"",
        "a = \"\\\\\"\nb = ['}']",
    ])
    func `what is TOML has none of these`(text: String) { #expect(TOMLDefects.first(in: text) == nil) }
}
