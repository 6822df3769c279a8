// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct DocumentSplitterTests {
    private func texts(_ text: String, most: Int = 1_000, step: Int = 7) -> [String] {
        var splitter = DocumentSplitter(bytesMax: most)
        var pieces: [DocumentSplitter.Piece] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: step) {
            pieces += splitter.append(bytes[start..<min(start + step, bytes.count)])
        }
        pieces += splitter.finish()
        return pieces.map {
            switch $0 {
            case .document(let bytes, let line): "\(line) \(String(decoding: bytes, as: UTF8.self))"
            case .damaged(let line, let reason): "\(line)! \(reason)"
            }
        }
    }

    @Test(arguments: 1...9) func `lines, arrays and pretty objects give the same`(step: Int) {
        let braces = #"{"b":"}{\"\\"}"#
        #expect(texts("{\"a\":1}\n\(braces)\n", step: step) == ["1 {\"a\":1}", "2 \(braces)"])
        #expect(texts("[{\"a\":1},\n\(braces)]\n", step: step) == ["1 {\"a\":1}", "2 \(braces)"])
        #expect(texts("[\n  {\n    \"a\": {\n      \"b\": 1\n    }\n  }\n]", step: step).count == 1)
    }

    @Test func `a damaged object costs itself`() {
        #expect(
            texts("{\"a\":1}\n{\"b\":{\"c\":\n{\"d\":1}\nrubbish here\n{\"e\":1}\n{\"f\":\"")
                == [
                    "1 {\"a\":1}", "2! an object without an end", "3 {\"d\":1}", "4! no JSON object",
                    "5 {\"e\":1}", "6! an object without an end",
                ])
    }

    @Test func `an object that is too long costs itself, and no more memory`() {
        let long = "{\"a\":\"\(String(repeating: "x", count: 100))\"}"
        #expect(
            texts("\(long)\n{\"b\":1}\n", most: 50) == ["1! an object of more than 50 bytes", "2 {\"b\":1}"])
    }
}
