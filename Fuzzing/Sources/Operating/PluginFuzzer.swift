// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What a write policy plugin says: lines are the same however they are cut and never longer than they may be, and an answer means one
/// thing.
enum PluginFuzzer {
    private static let limit = 256

    static func feed(_ input: FuzzInput) {
        let whole = lines([input.array[...]])
        let cut = lines(pieces(of: input.array, seed: input[input.count / 2] & 31))
        claim(whole == cut, "lines depend on how they are cut")
        claim(whole.lines.allSatisfy { $0.count <= limit }, "a line beyond its bound")
        for line in whole.lines + [input.array] {
            let answer: PluginAnswer
            do { answer = try PluginAnswer(line) } catch { continue }
            claim((try? PluginAnswer(line)) == answer, "one answer is read in two ways")
            claim(NaiveJSON(line)?.members != nil, "an answer that is no object")
            if let filters = answer.filters { claim(NaiveJSON(filters) != nil, "filters that are no JSON") }
        }
    }

    private struct Lines: Equatable {
        var lines: [[UInt8]] = []
        var isTooLong = false
    }

    private static func lines(_ pieces: [ArraySlice<UInt8>]) -> Lines {
        var (reader, found) = (PluginLines(limit: limit), Lines())
        for piece in pieces { reader.take(piece) { found.lines.append($0) } }
        found.isTooLong = reader.isTooLong
        return found
    }
}
