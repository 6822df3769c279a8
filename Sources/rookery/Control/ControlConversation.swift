// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers

/// One tool's requests, taken from the bytes it sends. Decides; ``ControlServer`` performs.
struct ControlConversation {
    /// What to do next.
    enum Step: Hashable {
        case perform(ControlRequest, lines: [LineBuffer.Line])
        /// Say why, then close.
        case refuse(String)
    }

    private var buffer: LineBuffer
    private var request: ControlRequest?
    private var lines: [LineBuffer.Line] = []
    private var bytes = 0

    /// - Parameter maxLineLength: of an event's line; a request's own is bounded by ``ControlLimits``.
    init(maxLineLength: Int) {
        buffer = LineBuffer(maxLength: max(maxLineLength, ControlLimits.lineLengthMax))
    }

    mutating func append(_ chunk: some Collection<UInt8>) { buffer.append(chunk) }

    /// The next thing to do; `nil` until more is read.
    mutating func next() -> Step? {
        while true {
            if let request, lines.count == request.lines ?? 0 {
                defer {
                    self.request = nil
                    lines = []
                    bytes = 0
                }
                return .perform(request, lines: lines)
            }
            guard let line = buffer.next() else { return nil }
            if request == nil {
                if let refusal = begin(line) { return .refuse(refusal) }
            } else {
                if case .whole(let content) = line { bytes += content.count }
                guard bytes <= ControlLimits.importBytesMax else {
                    return .refuse("the import's lines are too long")
                }
                lines.append(line)
            }
        }
    }

    /// Reads a request; says why it cannot be taken.
    private mutating func begin(_ line: LineBuffer.Line) -> String? {
        guard case .whole(let content) = line, content.count <= ControlLimits.lineLengthMax else {
            return "the request is too long"
        }
        struct Version: Decodable { let version: Int }
        guard let version = ControlCoding.read(Version.self, content)?.version else {
            return "the request is not understood"
        }
        guard version == ControlLimits.version else {
            return
                "this daemon speaks version \(ControlLimits.version) of the control protocol, not \(version)"
        }
        guard let request = ControlCoding.read(ControlRequest.self, content) else {
            return "the request is not understood"
        }
        guard (0...ControlLimits.importLinesMax).contains(request.lines ?? 0) else {
            return "a request brings at most \(ControlLimits.importLinesMax) lines"
        }
        self.request = request
        return nil
    }
}

/// How many tools are connected.
final class OpenCount: Sendable {
    private let count = NIOLockedValueBox(0)

    /// `false` when there are too many.
    func enter() -> Bool {
        count.withLockedValue { count in
            guard count < ControlLimits.connectionsMax else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLockedValue { $0 -= 1 } }
}
