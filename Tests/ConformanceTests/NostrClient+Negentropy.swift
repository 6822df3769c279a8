// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

extension NostrClient {
    /// The ids that a filter's set is listed with to somebody who has nothing.
    func negentropy(_ filter: String, _ at: SourceLocation = #_sourceLocation) async throws -> [String] {
        let answer = try await ask("[\"NEG-OPEN\",\"neg\",\(filter),\"6100000200\"]")
        #expect(answer.verb == "NEG-MSG" && answer.text(1) == "neg", "\(answer.parts)", sourceLocation: at)
        try await send(#"["NEG-CLOSE","neg"]"#)
        let list = answer.text(2) ?? ""
        guard list != "6100000200" else { return [] }
        #expect(list.hasPrefix("61000002"), sourceLocation: at)
        // The count takes one byte for each seven bits.
        let digits = Array(list.dropFirst(8))
        let ids = digits.suffix(digits.count / 64 * 64)
        return stride(from: ids.startIndex, to: ids.endIndex, by: 64).map { String(ids[$0..<($0 + 64)]) }
    }

    /// The reason of a NEG-ERR under `id`.
    func negentropyRefusal(
        of text: String, id: String = "n", _ at: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let answer = try await ask(text)
        #expect(
            answer.verb == "NEG-ERR" && answer.text(1) == id, "\(text): \(answer.parts)", sourceLocation: at)
        return answer.text(2) ?? ""
    }
}
