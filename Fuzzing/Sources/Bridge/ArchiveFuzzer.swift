// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// Files of older programs, and rules in an operator's words: whatever is in them, they are read or refused, and a stream of documents
/// is the same however it is cut.
enum ArchiveFuzzer {
    static func feed(_ input: FuzzInput) {
        let bytes = input.array
        _ = try? ReadPost(archived: bytes)
        _ = try? User(archived: bytes)
        for collection in TrackerDocument.Collection.allCases {
            _ = try? TrackerDocument(reading: bytes, of: collection)
        }
        documents(bytes, seed: input[input.count / 2] & 31)
        words(input)
    }

    private static func documents(_ bytes: [UInt8], seed: UInt8) {
        let bytesMax = 256
        var whole = DocumentSplitter(bytesMax: bytesMax)
        let found = whole.append(bytes) + whole.finish()
        var cut = DocumentSplitter(bytesMax: bytesMax)
        var again: [DocumentSplitter.Piece] = []
        for piece in pieces(of: bytes, seed: seed) { again += cut.append(piece) }
        again += cut.finish()
        claim(again == found, "documents depend on how they are cut")
        for case .document(let document, let line) in found {
            claim(document.count <= bytesMax && document.first == UInt8(ascii: "{"), "no document")
            claim(line >= 1, "a line that is none")
        }
    }

    /// Names of files, and patterns of words: the first line against the second.
    private static func words(_ input: FuzzInput) {
        let lines = input.lines(atMost: 2).map(\.text)
        guard let first = lines.first else { return }
        _ = ArchiveName(first)
        if let pattern = WordPattern(first), lines.count > 1 { _ = pattern.matches(FoldedText(lines[1])) }
        _ = AccountName(first)
    }
}
