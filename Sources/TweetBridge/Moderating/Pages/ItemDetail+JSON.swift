// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

extension ItemLine {
    var json: [UInt8] { JSONOutput.object { write(to: &$0) } }

    fileprivate func write(to output: inout JSONOutput) {
        output.member("number", Int(clamping: item.number))
        output.member("revision", Int(item.revision))
        output.member("state", item.state.rawValue)
        output.member("action", action)
        switch item.subject {
        case .post(let id): output.member("post", id.description)
        case .job(let number): output.member("job", Int(clamping: number))
        }
        output.member("account", item.account?.description)
        output.member("who", who.isEmpty ? nil : who)
        output.member("text", item.preview)
        output.member("rules", item.hits)
        output.member("event", item.event)
        output.member("created_at", at: item.createdAt)
        output.member("changed_at", at: item.changedAt)
    }
}

extension ItemDetail {
    var json: [UInt8] {
        JSONOutput.object { output in
            line.write(to: &output)
            output.member("whole_text", text)
            output.member("media", json: JSONOutput.array(media.map(\.json)))
            switch preview {
            case .events(let events, let isPublished):
                output.member("is_published", isPublished)
                output.member("events", json: JSONOutput.array(events.map(\.json)))
            case .order, .none: break
            }
            output.member("trail", json: JSONOutput.array(trail.map(\.json)))
        }
    }
}

extension ItemDetail.Medium {
    fileprivate var json: [UInt8] {
        JSONOutput.object { output in
            output.member("type", type)
            output.member("url", url)
            output.member("alt", alternativeText)
        }
    }
}

extension AuditEntry {
    fileprivate var json: [UInt8] {
        JSONOutput.object { output in
            output.member("from", from?.rawValue)
            output.member("to", to.rawValue)
            output.member("by", actor.label)
            output.member("reason", reason)
            output.member("at", at: at)
        }
    }
}

extension UnsignedEvent {
    /// As NIP-01 writes events, without a signature.
    fileprivate var json: [UInt8] {
        JSONOutput.object { output in
            output.member("id", id.hex)
            output.member("pubkey", pubkey.hex)
            output.member("created_at", Int(createdAt.seconds))
            output.member("kind", Int(kind.rawValue))
            output.member(
                "tags",
                json: JSONOutput.array(
                    tags.map { JSONOutput.array($0.elements.map { JSONOutput.string($0.string) }) }))
            output.member("content", content)
        }
    }
}
