// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// Negentropy (NIP-77) under any bytes: as the message that a relay gets, as the one that a client gets, and as two sets that
/// must end up in step.
enum NegentropyFuzzer {
    /// The first byte says which, the second how much is held.
    static func feed(_ input: FuzzInput) {
        switch input[0] % 4 {
        case 0, 1: relayHears(input.dropping(2).array, held: Int(input[1]))
        case 2: clientHears(input.dropping(2).array, held: Int(input[1]))
        default: setsMeet(input.dropping(1).array[...])
        }
    }

    /// A set of so many items, several of them in each second.
    private static func held(_ count: Int) -> NegentropyArray {
        NegentropyArray((0..<count).map { item(UInt64($0 / 3), UInt64($0)) })
    }

    private static func item(_ time: UInt64, _ number: UInt64) -> NegentropyItem {
        // Spread over all bits, as a hash is.
        let word = (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        return NegentropyItem(
            timestamp: time, id: EventID(Bytes32(words: (word, ~word, word &* word, number))))
    }

    private static func relayHears(_ message: [UInt8], held count: Int) {
        let limits = NegentropyLimits(frameBytes: NegentropyLimits.leastFrameBytes)
        guard let answer = try? NegentropyServer(limits: limits).answer(message, from: held(count)) else {
            return
        }
        claim(answer.count <= NegentropyLimits.leastFrameBytes, "an answer longer than the limit")
    }

    private static func clientHears(_ message: [UInt8], held count: Int) {
        let set = held(count)
        var client = NegentropyClient(limits: NegentropyLimits(frameBytes: NegentropyLimits.leastFrameBytes))
        guard (try? client.begin(from: set)) != nil, let step = try? client.take(message, with: set) else {
            return
        }
        claim((step.message?.count ?? 0) <= NegentropyLimits.leastFrameBytes, "longer than the limit")
        claim(Set(step.have).count == step.have.count, "an id that is had twice")
        claim(Set(step.need).count == step.need.count, "an id that is needed twice")
    }

    /// Each byte is one item: who has it, and how far it is from the one before.
    private static func setsMeet(_ bytes: ArraySlice<UInt8>) {
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
                claim(have.isDisjoint(with: step.have) && need.isDisjoint(with: step.need), "told twice")
                have.formUnion(step.have)
                need.formUnion(step.need)
                next = step.message
            }
        } catch { fatalError("two honest sides: \(error)") }
        let (mine, other) = (Set(ours.map(\.id)), Set(theirs.map(\.id)))
        claim(have == mine.subtracting(other) && need == other.subtracting(mine), "not in step")
    }
}
