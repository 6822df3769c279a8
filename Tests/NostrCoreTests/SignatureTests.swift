// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@Suite struct SignatureTests {
    private func bytes(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex.lowercased().utf8)
        let decoded = Hex.decode(digits.span, count: digits.count / 2)
        return try #require(decoded)
    }

    @Test func `a secret key shows itself to nobody`() {
        let key = TestKey.secret(1)
        #expect("\(key)" == "(secret)" && String(reflecting: key) == "(secret)")
        #expect(Mirror(reflecting: key).children.isEmpty)
    }

    @Test(arguments: BIP340Vector.all) func `BIP-340's vectors hold`(vector: BIP340Vector) throws {
        let pubkey = try #require(PublicKey(hex: vector.publicKey.lowercased()))
        let signature = try bytes(vector.signature)
        let message = try bytes(vector.message)
        let verifier = Verifier()
        #expect(
            verifier.verify(signature: signature, message: message, pubkey: pubkey) == vector.isTrue)
        guard let message = Bytes32(message) else { return }
        #expect(
            verifier.verify(signature: signature, message: message, pubkey: pubkey) == vector.isTrue)
        guard !vector.secretKey.isEmpty else { return }
        let auxiliary = try bytes(vector.auxiliary)
        // Blinding must not change what is computed.
        for entropy in [[], [UInt8](repeating: 7, count: 32)] {
            let key = try #require(SecretKey(hex: vector.secretKey.lowercased(), entropy: entropy))
            #expect(key.publicKey == pubkey)
            #expect(key.sign(message, auxiliary: auxiliary) == signature)
        }
    }

    @Test(arguments: [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "01", "",
    ])
    func `a number that is no key makes none`(hex: String) {
        #expect(SecretKey(hex: hex) == nil)
    }

    @Test func `keys made of chance differ and sign`() throws {
        var rng = SplitMix64(seed: 9)
        let keys = (0..<5).map { _ in SecretKey.generate(using: &rng) }
        #expect(Set(keys.map(\.publicKey)).count == 5)
        let message = SHA256.digest(Array("message".utf8))
        for key in keys {
            let signature = key.sign(message)
            #expect(Verifier().verify(signature: signature, message: message, pubkey: key.publicKey))
            #expect(
                !Verifier().verify(signature: signature, message: message, pubkey: keys[0].publicKey)
                    || key.publicKey == keys[0].publicKey)
            #expect(
                !Verifier().verify(
                    signature: Array(signature.dropLast()), message: message, pubkey: key.publicKey))
        }
        #expect(!Verifier().verify(signature: [], message: message, pubkey: keys[0].publicKey))
    }

    @Test func `one verifier serves many threads`() async {
        let verifier = Verifier()
        let events = (0..<20).map { Samples.signed(content: "note \($0)") }
        let wrong = Samples.unsigned().withSignature(Samples.falseSignature)
        let right = await withTaskGroup(of: Bool.self) { group in
            for round in 0..<200 {
                group.addTask {
                    events[round % events.count].hasTrueSignature(using: verifier)
                        && !wrong.hasTrueSignature(using: verifier)
                }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(right)
    }

    /// FIPS 180-4's examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 is SHA-256`(text: String, digest: String) {
        #expect(Hex.string(SHA256.digest(Array(text.utf8)).bytes) == digest)
        var hash = SHA256()
        for byte in text.utf8 { hash.update([byte].span) }
        #expect(Hex.string(hash.finish().bytes) == digest)
    }

    /// Signed by libsecp256k1 through Python's coincurve, hashed by hashlib.
    @Test func `an event made by other hands is true`() throws {
        let json = ForeignEvents.coincurve
        let event = try #require(try Event.parse(Array(json.utf8)).withTrueID())
        #expect(event.hasTrueSignature(using: Verifier()))
        #expect(event.json == Array(json.utf8))
    }
}
