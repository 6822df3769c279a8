// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport

/// The status page as server-sent events (WHATWG HTML §9.2): one event for each section, named for it.
struct StatusEvents {
    /// What everybody who listens has been told.
    private var told: [StatusSection: HTML] = [:]
    /// Rounds since anybody was told anything.
    private var quiet = 0

    /// What a browser is told at once: after how many **milliseconds** to come again when it has lost us.
    static let greeting = ByteBuffer(string: "retry: 5000\n\n")

    /// What is new to those who have listened before; now and then a word, so that nobody between takes us for gone.
    ///
    /// - Parameter quietRounds: after so many rounds without news.
    /// - Returns: `nil` for nothing.
    mutating func news(_ sections: [StatusSection: HTML], quietRounds: Int) -> ByteBuffer? {
        let changed = sections.filter { told[$0.key] != $0.value }
        told = sections
        quiet = changed.isEmpty ? quiet + 1 : 0
        if !changed.isEmpty { return Self.text(changed) }
        guard quiet >= quietRounds else { return nil }
        quiet = 0
        return ByteBuffer(string: ": still here\n\n")
    }

    /// Everything, for those who come new.
    static func text(_ sections: [StatusSection: HTML]) -> ByteBuffer {
        var bytes = ByteBuffer()
        for section in StatusSection.allCases {
            guard let html = sections[section] else { continue }
            bytes.writeString("event: \(section.rawValue)\n")
            // Every line of data needs its own field, whatever a line ends with.
            for line in html.markup.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
                bytes.writeString("data: \(line)\n")
            }
            bytes.writeString("\n")
        }
        return bytes
    }
}
