// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What client and relay say to each other (NIP-01, 42, 45, 77): written again it is the same; and the outline of a message that is
/// too long says of any message what the message says.
enum MessageFuzzer {
    static func feed(_ input: FuzzInput) {
        if let message = try? ClientMessage.parse(input.array) {
            let again = try? ClientMessage.parse(written { message.appendJSON(to: &$0) })
            claim(again == message, "a client's message is written differently")
        }
        let message = try? RelayMessage.parse(input.array)
        if let message {
            let again = try? RelayMessage.parse(written { message.appendJSON(to: &$0) })
            claim(again == message, "a relay's message is written differently")
        }
        outline(input, message)
    }

    private static func outline(_ input: FuzzInput, _ message: RelayMessage?) {
        var whole = MessageOutliner()
        whole.take(input.span)
        claim(whole.length <= 2 * CodecLimits.outlineLength + 64, "an outline beyond its bound")
        var cut = MessageOutliner()
        for piece in pieces(of: input.array, seed: input[input.count / 2] & 15) {
            cut.take(Array(piece).span)
        }
        let (found, again) = (whole.finish(), cut.finish())
        claim(found?.0 == again?.0 && found?.1 == again?.1, "an outline depends on how the bytes are cut")
        // A verb in other letters than its own is not looked through.
        guard whole.isEvent == true, case .event(let subscription, let parsed)? = message else { return }
        guard let (name, outline) = found, let event = outline?.event else {
            fatalError("an event without an outline")
        }
        claim(name == subscription, "an outline of another subscription")
        claim(
            event.id == parsed.event.id && event.pubkey == parsed.event.pubkey
                && event.kind == parsed.event.kind && event.createdAt == parsed.event.createdAt,
            "an outline of another event")
        claim(outline?.hasAllTags == false || event.tags == parsed.event.tags, "an outline with other tags")
    }

    private static func written(_ write: (inout [UInt8]) -> Void) -> [UInt8] {
        var json: [UInt8] = []
        write(&json)
        return json
    }
}
