// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Event {
    /// Whether the id is the hash of the event.
    ///
    /// The pre-image is NIP-01's: `[0,pubkey,created_at,kind,tags,content]` with control characters outside
    /// the seven escapes as raw bytes; or else the same with the strings as they stand in ``json``, which is
    /// what most libraries hash.
    public func hasTrueID() -> Bool {
        hashAsItStands() == id.bytes || json.holdsUnicodeEscape && hashWithRawControls() == id.bytes
    }

    /// Whether the author signed the id (BIP-340).
    public func hasTrueSignature(using verifier: Verifier) -> Bool {
        withSignature { verifier.verify(signature: $0, message: id.bytes, pubkey: pubkey) }
    }

    /// The same, for those who check many: see ``PointCache``.
    public func hasTrueSignature(using verifier: Verifier, cache: inout PointCache) -> Bool {
        withSignature { verifier.verify(signature: $0, message: id.bytes, pubkey: pubkey, cache: &cache) }
    }

    /// Lends the 64 bytes of the signature, on the stack; `false` when its digits are none.
    private func withSignature(_ check: (Span<UInt8>) -> Bool) -> Bool {
        let digits = EventLayout.signatureDigits(ofLength: json.count)
        return withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { signature in
            let span = json.span
            var valid: UInt64 = .max
            for index in 0..<16 {
                let word = JSONScanner.word(in: span, at: digits.lowerBound + 8 * index)
                let bytes = Hex.decode8(word, &valid).bigEndian
                signature.storeBytes(of: bytes, toByteOffset: 4 * index, as: UInt32.self)
            }
            let bytes = UnsafeRawBufferPointer(signature)
            return valid == .max && check(bytes.bindMemory(to: UInt8.self).span)
        }
    }

    private func hashAsItStands() -> Bytes32 {
        let span = json.span
        var hash = SHA256()
        hash.update("[0,\"")
        hash.update(span.extracting(EventLayout.pubkeyDigits))
        hash.update("\",")
        hash.update(span.extracting(layout.createdAtDigits))
        hash.update(",")
        hash.update(span.extracting(layout.kindDigits))
        hash.update(",")
        hash.update(span.extracting(layout.tagsStart..<layout.tagsEnd))
        hash.update(",")
        hash.update(span.extracting(layout.contentStart..<layout.contentEnd))
        hash.update("]")
        return hash.finish()
    }

    private func hashWithRawControls() -> Bytes32 {
        let span = json.span
        var image = Array("[0,\"".utf8)
        image.append(copying: span.extracting(EventLayout.pubkeyDigits))
        image.append(contentsOf: "\",\(createdAt),\(kind),".utf8)
        JSONText.appendPreImage(of: span.extracting(layout.tagsStart..<layout.tagsEnd), to: &image)
        image.append(UInt8(ascii: ","))
        JSONText.appendPreImage(of: span.extracting(layout.contentStart..<layout.contentEnd), to: &image)
        image.append(UInt8(ascii: "]"))
        return SHA256.digest(image)
    }
}

extension EventLayout {
    /// The digits of `created_at`.
    var createdAtDigits: Range<Int> { 162..<(kindDigits.lowerBound - 8) }
    /// The digits of `kind`.
    var kindDigits: Range<Int> {
        let end = tagsStart - 8
        let number = kind.rawValue
        let count = number < 10 ? 1 : number < 100 ? 2 : number < 1_000 ? 3 : number < 10_000 ? 4 : 5
        return (end - count)..<end
    }
}

extension [UInt8] {
    /// Whether `\u` occurs: only then can the two pre-images differ.
    fileprivate var holdsUnicodeEscape: Bool {
        let span = self.span
        var index = 0
        while index + 1 < span.count {
            if span[index] == UInt8(ascii: "\\") {
                if span[index + 1] == UInt8(ascii: "u") { return true }
                index += 2
            } else {
                index += 1
            }
        }
        return false
    }
}

extension JSONText {
    /// Appends `json`, each `\u00xx` of a control character replaced by that raw byte (NIP-01's pre-image).
    static func appendPreImage(of json: Span<UInt8>, to output: inout [UInt8]) {
        var at = 0
        while at < json.count {
            if let unit = codeUnit(in: json, at: at, end: json.count), unit < 0x20 {
                output.append(UInt8(unit))
                at += 6
            } else if json[at] == UInt8(ascii: "\\"), at + 1 < json.count {
                output.append(json[at])
                output.append(json[at + 1])
                at += 2
            } else {
                output.append(json[at])
                at += 1
            }
        }
    }
}
