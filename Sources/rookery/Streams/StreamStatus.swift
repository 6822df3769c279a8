// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How one relay of one stream stands, as a tool is told.
struct StreamStatus: Codable, Hashable, Sendable {
    var stream: String
    var url: String
    /// down, up, both.
    var direction: String
    var state: StreamState
    /// **Seconds** that it has been in this state.
    var forSeconds: Int
    /// Why the last conversation ended, or a back-fill failed.
    var lastError: String?
    /// Of a relay that is not connected: in how many **seconds** it is tried again.
    var retryInSeconds: Double?
    /// Events that came, by what became of them.
    var received: [String: Int]
    /// Events that were sent, by the relay's answer.
    var sent: [String: Int]
    /// Back-fills, by how they ended.
    var backfills: [String: Int]
    /// Events that wait to be sent or answered.
    var waiting: Int
    /// **Bytes**.
    var receivedBytes: Int
    var sentBytes: Int

    /// For people: one line.
    var line: String {
        var parts = ["\(stream) \(url): \(stateText) for \(DaemonStatus.span(forSeconds))", direction]
        if direction != SyncDirection.up.rawValue {
            let refused = count(received, [.refused, .failed, .unasked, .tooLong])
            parts.append("\(count(received, [.stored, .ephemeral])) stored")
            if refused > 0 { parts.append("\(refused) refused") }
        }
        if direction != SyncDirection.down.rawValue {
            let taken = (sent[StreamAnswer.accepted.rawValue] ?? 0)
            let known = (sent[StreamAnswer.duplicate.rawValue] ?? 0)
            let refused = sent.values.reduce(0, +) - taken - known
            parts.append("\(taken) sent")
            if refused > 0 { parts.append("\(refused) not taken") }
            if waiting > 0 { parts.append("\(waiting) waiting") }
        }
        if let retryInSeconds { parts.append("tried again in \(DaemonStatus.span(Int(retryInSeconds)))") }
        if let lastError { parts.append("last error: \(lastError)") }
        return parts.joined(separator: ", ")
    }

    private var stateText: String { state.rawValue.replacing("-", with: " ") }

    private func count(_ counts: [String: Int], _ arrivals: [StreamArrival]) -> Int {
        arrivals.reduce(0) { $0 + (counts[$1.rawValue] ?? 0) }
    }
}
