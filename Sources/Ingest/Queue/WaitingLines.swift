// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

/// Submissions that somebody is asked about, outside of the lanes: nobody else waits for them.
///
/// While something of a source is here, all that it sends afterwards waits behind it, so that it is written in its order.
struct WaitingLines {
    private var lines: [SourceLine: Deque<Submission>] = [:]

    var isEmpty: Bool { lines.isEmpty }

    func has(_ line: SourceLine) -> Bool { lines[line] != nil }

    /// Puts a submission behind those of its source.
    mutating func append(_ submission: Submission) { lines[submission.line, default: []].append(submission) }

    /// Takes those off the front that need not wait any more.
    ///
    /// - Returns: those that the writer may have, in their order.
    mutating func advance(_ line: SourceLine) -> [Submission] {
        guard var waiting = lines.removeValue(forKey: line) else { return [] }
        var ready: [Submission] = []
        loop: while let first = waiting.first {
            switch first.stage {
            case .verifying, .consulting: break loop
            case .ready: ready.append(first)
            case .answering, .answered: break
            }
            waiting.removeFirst()
        }
        if !waiting.isEmpty { lines[line] = waiting }
        return ready
    }

    /// Whether something that came in before is here.
    func holdsOlder(than submission: Submission) -> Bool {
        lines.values.contains { $0.first.map { $0.number < submission.number } ?? false }
    }
}

/// What keeps its order: one connection, one upstream, one relay of a stream, one of our own.
enum SourceLine: Hashable {
    case client(NetworkAddress?, connection: UInt64)
    case upstream(RelayURL)
    case stream(String, RelayURL)
    case own(String)

    init(_ source: IngestSource) {
        switch source {
        case .client(_, let address, let connection): self = .client(address, connection: connection)
        case .upstream(let relay): self = .upstream(relay)
        case .stream(let name, let relay): self = .stream(name, relay)
        case .importer, .bridge, .operator: self = .own(source.name)
        }
    }
}
