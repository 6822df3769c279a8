// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One question to the plugin, and who waits for the answer.
///
/// Made by whoever asks and then handed to the thread of the ``PluginLoop``, which alone touches it from then on: that is what makes
/// this class safe to hand over.
final class PluginItem: @unchecked Sendable {
    /// The `id` that the answer carries.
    let id: String
    /// Whether it is about a request.
    let isRead: Bool
    /// The question, with its line feed. Made when it is sent, so that what waits is not kept twice.
    let line: () -> [UInt8]
    /// Called once; `nil` when there was no answer.
    private let finish: (PluginAnswer?) -> Void
    /// How often it was sent.
    var attempts = 0
    /// When it is given up while nobody has been asked.
    var waitsUntil = Uptime.zero

    init(
        id: String, isRead: Bool = false, line: @escaping () -> [UInt8],
        finish: @escaping (PluginAnswer?) -> Void
    ) {
        self.id = id
        self.isRead = isRead
        self.line = line
        self.finish = finish
    }

    func answer(_ answer: PluginAnswer?) { finish(answer) }
}

/// What a plugin says to one question.
struct PluginAnswer: Equatable {
    enum Action: String {
        case accept, reject, shadowReject
    }

    var id: String
    var action: Action
    var message: String
    /// Whatever stands under `filters`.
    var filters: [UInt8]?

    /// Why a line is no answer.
    enum Flaw: Error {
        /// It is no JSON object: passed over.
        case unreadable
        /// It is one, and says nothing that can be understood.
        case wrong
    }

    init(_ line: [UInt8]) throws(Flaw) {
        guard let members = JSONText.members(of: line.span) else { throw .unreadable }
        guard let id = members["id"]?.text,
            let action = members["action"]?.text.flatMap(Action.init(rawValue:))
        else { throw .wrong }
        self.id = id
        self.action = action
        message = members["msg"]?.text ?? ""
        filters = members["filters"].map { Array(line[$0.range]) }
    }
}

/// The lines of a pipe as its bytes come.
struct PluginLines {
    /// **Bytes** of one line.
    let limit: Int
    private var bytes: [UInt8] = []
    private var isSkipping = false

    init(limit: Int) { self.limit = limit }

    /// Whether more than a line may be has come without an end.
    private(set) var isTooLong = false

    /// Takes bytes in and hands out the lines that are whole.
    mutating func take(_ more: ArraySlice<UInt8>, _ line: ([UInt8]) -> Void) {
        for part in more.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 {
                if !bytes.isEmpty || isTooLong { line(bytes) }
                bytes = []
            }
            let room = max(0, limit - bytes.count)
            if part.element.count > room { isTooLong = true }
            bytes += part.element.prefix(room)
        }
    }
}
