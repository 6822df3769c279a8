// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// Negentropy (NIP-77) under any bytes: as the message that a relay gets, as the one that a client gets, and as two sets that
/// must end up in step.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzNegentropy(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 1 else { return 0 }
    // SAFETY: libFuzzer owns the bytes and keeps them until this returns.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    switch bytes[0] % 4 {
    case 0, 1: relayHears(Array(bytes[2...]), held: Int(bytes[1]))
    case 2: clientHears(Array(bytes[2...]), held: Int(bytes[1]))
    default: setsMeet(bytes[1...])
    }
    return 0
}

/// A set of so many items, several of them in each second.
private func held(_ count: Int) -> NegentropyArray {
    NegentropyArray((0..<count).map { item(UInt64($0 / 3), UInt64($0)) })
}

private func item(_ time: UInt64, _ number: UInt64) -> NegentropyItem {
    // Spread over all bits, as a hash is.
    let word = (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return NegentropyItem(
        timestamp: time, id: EventID(Bytes32(words: (word, ~word, word &* word, number))))
}

private func relayHears(_ message: [UInt8], held count: Int) {
    let limits = NegentropyLimits(frameBytes: NegentropyLimits.leastFrameBytes)
    guard let answer = try? NegentropyServer(limits: limits).answer(message, from: held(count)) else {
        return
    }
    precondition(answer.count <= NegentropyLimits.leastFrameBytes, "an answer longer than the limit")
}

private func clientHears(_ message: [UInt8], held count: Int) {
    let set = held(count)
    var client = NegentropyClient(limits: NegentropyLimits(frameBytes: NegentropyLimits.leastFrameBytes))
    guard (try? client.begin(from: set)) != nil, let step = try? client.take(message, with: set) else {
        return
    }
    precondition((step.message?.count ?? 0) <= NegentropyLimits.leastFrameBytes, "longer than the limit")
    precondition(Set(step.have).count == step.have.count, "an id that is had twice")
    precondition(Set(step.need).count == step.need.count, "an id that is needed twice")
}

/// Each byte is one item: who has it, and how far it is from the one before.
private func setsMeet(_ bytes: ArraySlice<UInt8>) {
    var (ours, theirs, time): ([NegentropyItem], [NegentropyItem], UInt64) = ([], [], 0)
    for (number, byte) in bytes.enumerated() {
        time += UInt64(byte >> 4)
        let next = item(time, UInt64(number))
        if byte & 3 != 1 { ours.append(next) }
        if byte & 3 != 2 { theirs.append(next) }
    }
    let (here, there) = (NegentropyArray(ours), NegentropyArray(theirs))
    let limits = NegentropyLimits(frameBytes: NegentropyLimits.leastFrameBytes)
    var client = NegentropyClient(limits: limits)
    var (have, need): (Set<EventID>, Set<EventID>) = ([], [])
    do {
        var next: [UInt8]? = try client.begin(from: here)
        while let message = next {
            let answer = try NegentropyServer(limits: limits).answer(message, from: there)
            let step = try client.take(answer, with: here)
            precondition(have.isDisjoint(with: step.have) && need.isDisjoint(with: step.need), "told twice")
            have.formUnion(step.have)
            need.formUnion(step.need)
            next = step.message
        }
    } catch { preconditionFailure("two honest sides: \(error)") }
    let (mine, other) = (Set(ours.map(\.id)), Set(theirs.map(\.id)))
    precondition(have == mine.subtracting(other) && need == other.subtracting(mine), "not in step")
}
