// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore

/// Questions about requests, where the operator says that the plugin knows them.
extension WritePolicyPlugin: ReadPolicy {
    /// Asks in the words of a question about an event. Beyond what may wait, or be answered, a request is refused at once, `on_failure`
    /// or not: who floods the plugin does not open the door.
    public func judge(_ request: ReadRequest, reply: @escaping @Sendable (ReadOpinion) -> Void) {
        let settings = settings.withLockedValue { $0 }
        guard settings.reads, !settings.command.isEmpty else { return reply(.allow) }
        let isOpen = settings.onFailure == .open
        let id = "req-\(waitingReads.withLockedValue { $0.makeNumber() })"
        // Written now: what waits is bounded in bytes.
        let line = PluginWords.line(asking: request, as: id)
        guard line.count <= limits.readAnswerBytes / limits.readAnswerShare else {
            return reply(.refuse("error: the request is too long for the policy plugin"))
        }
        let address = request.address
        guard waitingReads.withLockedValue({ $0.begin(line.count, of: address, limits) }) else {
            return reply(.refuse("error: too many requests wait for the policy plugin"))
        }
        let item = PluginItem(id: id, isRead: true) {
            line
        } finish: { [waitingReads] answer in
            waitingReads.withLockedValue { $0.end(line.count, of: address) }
            reply(ReadOpinion(answer, isOpen: isOpen))
        }
        if !inbox.put({ $0.items.append(item) }) { item.answer(nil) }
    }
}

extension ReadOpinion {
    init(_ answer: PluginAnswer?, isOpen: Bool) {
        switch answer?.action {
        case .accept:
            guard let json = answer?.filters else {
                self = .allow
                return
            }
            // What cannot be understood must not let more through than was meant.
            self =
                Self.filters(json).map { .narrow($0) } ?? .refuse("error: the policy plugin gave no filters")
        case .reject: self = .refuse(answer?.message ?? "")
        case .shadowReject: self = .narrow([])
        case nil: self = isOpen ? .allow : .refuse("error: the policy plugin gave no answer")
        }
    }

    /// A JSON list of filters; `nil` for anything else.
    private static func filters(_ json: [UInt8]) -> [Filter]? {
        guard json.first == UInt8(ascii: "["), json.last == UInt8(ascii: "]") else { return nil }
        let inner = json.dropFirst().dropLast()
        if inner.allSatisfy({ $0 <= 0x20 }) { return [] }
        let message = Array(#"["REQ","x","#.utf8) + inner + [UInt8(ascii: "]")]
        guard case .request(_, let filters)? = try? ClientMessage.parse(message) else { return nil }
        return filters
    }
}
