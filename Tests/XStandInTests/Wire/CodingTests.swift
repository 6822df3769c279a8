// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct CodingTests {
    @Test func `SHA-256 gives the digests of FIPS 180-4`() {
        func hex(_ text: String) -> String {
            SHA256.digest(Array(text.utf8)).map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
        }
        #expect(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    }

    @Test func `the challenge of RFC 7636 appendix B comes out`() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(
            Base64.url(SHA256.digest(Array(verifier.utf8))) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func `CRC-32 and Adler-32 give their check values`() {
        #expect(Stored.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(Stored.adler32(Array("Wikipedia".utf8)) == 0x11E6_0398)
    }

    @Test func `base64 is read in both alphabets`() {
        #expect(Base64.bytes("+/8=") == [0xFB, 0xFF])
        #expect(Base64.bytes("-_8") == [0xFB, 0xFF])
        #expect(Base64.bytes("a b") == nil)
        for count in 0..<8 {
            let bytes = (0..<count).map { UInt8($0 * 31) }
            #expect(Base64.bytes(Base64.url(bytes)) == bytes)
        }
    }

    @Test func `JSON comes back as it was, whatever it holds`() {
        let json: JSON = [
            "a": [.null, true, 0, -1, .number(.max), .fraction(0.5), "é \u{1F600} \" \\ \n \u{1}"],
            "b": .object([]), "c": 1,
        ]
        #expect(JSON(json.bytes) == json)
        #expect(JSON(Array("{".utf8)) == nil)
        #expect(JSON(Array("[1,true,1.5]".utf8)) == [1, true, .fraction(1.5)])
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "tru", "1 2", "\"a", "\"\u{1}\"", "\"\\x\"", "\"\\ud800\"",
        "+1", ".5", "--1",
        "[\"a\" \"b\"]", "nul", "{1:2}",
    ])
    func `what is no JSON is not read`(text: String) {
        #expect(JSON(Array(text.utf8)) == nil)
        #expect(JSON(Array(String(repeating: "[", count: 10_000).utf8)) == nil)
        #expect(JSON([0x22, 0xFF, 0x22] as [UInt8]) == nil)
    }

    @Test func `escapes are read, and what lies beyond sixteen bits`() {
        let text =
            #" { "a\u0062\n\/" : [ "\ud83d\ude00" , -1.5e1 , 9223372036854775807, 9223372036854775808 ] } "#
        #expect(
            JSON(Array(text.utf8)) == [
                "ab\n/": ["\u{1F600}", .fraction(-15), .number(.max), .fraction(0x1p63)]
            ])
    }

    @Test func `a picture begins and ends like a PNG and has the size that was asked for`() {
        let file = Picture.png(width: 3, height: 2, colour: 0xFF0000)
        #expect(file.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(Array(file[16..<24]) == [0, 0, 0, 3, 0, 0, 0, 2])
        #expect(file.suffix(8) == [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
    }

    @Test func `forms and escapes are read`() {
        let pairs = Escapes.form("a=1+2&b=%C3%A9%2B&c&d=x=y")
        #expect(pairs.map(\.name) == ["a", "b", "c", "d"])
        #expect(pairs.map(\.value) == ["1 2", "é+", "", "x=y"])
        #expect(Escapes.escape("a b/é") == "a%20b%2F%C3%A9")
    }

    @Test func `a token leads on only in the list it was made for`() {
        for direction in [PageToken.Direction.older, .newer] {
            let token = PageToken(direction, 2_083_157_183_716_917_248, list: "posts 1")
            #expect(token.text.count == 16)
            #expect(PageToken(token.text, list: "posts 1") == token)
            #expect(PageToken(token.text, list: "posts 2") == nil)
            #expect(!token.text.contains("2083"))
        }
        #expect(PageToken("7140dibdnow9c7btw4539n0vybdnx19ylpayqf16fjt4l", list: "posts 1") == nil)
    }
}
