// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What comes over a socket, as a relay and as a client of one read it (NIP-01): nothing may crash, and what is taken must read the
/// same once it was written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWords(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start else { return 0 }
    // SAFETY: libFuzzer owns the bytes and keeps them until this returns.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let parsed = try? Event.parse(bytes) {
        precondition((try? Event.parse(parsed.event.json)) == parsed, "an event that reads differently")
    }
    if let filter = try? Filter.parse(bytes) {
        let again = try? Filter.parse(written { filter.appendJSON(to: &$0) })
        precondition(again == filter, "a filter that reads differently")
    }
    if let message = try? ClientMessage.parse(bytes) {
        let again = try? ClientMessage.parse(written { message.appendJSON(to: &$0) })
        precondition(again == message, "a client's message that reads differently")
    }
    if let message = try? RelayMessage.parse(bytes) {
        let again = try? RelayMessage.parse(written { message.appendJSON(to: &$0) })
        precondition(again == message, "a relay's message that reads differently")
    }
    return 0
}

private func written(_ write: (inout [UInt8]) -> Void) -> [UInt8] {
    var json: [UInt8] = []
    write(&json)
    return json
}
