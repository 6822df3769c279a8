// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NostrCore

/// Publishes a note, reads it back, rests a little, and begins again; remembers how long each took.
final class BehavedClient: @unchecked Sendable {
    // The spans are guarded by `lock`, the rest belongs to the thread of `run`, and to others once that has ended.
    private let lock = NSLock()
    private var spans: (publish: [Double], ask: [Double]) = ([], [])
    private let number: Int
    private let port: Int
    private let key: SecretKey
    private var ids: [EventID] = []
    private(set) var failures: [String] = []

    init(number: Int, port: Int) {
        (self.number, self.port) = (number, port)
        guard let key = SecretKey(bytes: SHA256.digest(Array("behaved \(number)".utf8).span).bytes) else {
            preconditionFailure("a hash out of range")
        }
        self.key = key
    }

    /// Events that the relay said OK to.
    var published: Int { ids.count }

    func takeSpans() -> (publish: [Double], ask: [Double]) {
        lock.withLock {
            defer { spans = ([], []) }
            return spans
        }
    }

    func run(until stop: StopSign) {
        do {
            let connection = try LoadConnection(port: port, for: "8.8.\(number).8")
            while !stop.isUp {
                try once(connection)
                usleep(UInt32(40_000 + 1_000 * number))
            }
        } catch {
            failures.append("client \(number): \(error)")
        }
    }

    private func once(_ connection: LoadConnection) throws {
        let event = UnsignedEvent(
            pubkey: key.publicKey, createdAt: Timestamp(Int64(time(nil))), kind: .textNote, tags: [],
            content: "note \(ids.count) of client \(number)"
        ).signed(by: key)
        let publish = try span {
            try connection.write(
                LoadConnection.frame(Array("[\"EVENT\",".utf8) + event.json + [UInt8(ascii: "]")]))
            guard try connection.next() == .accepted else {
                throw LoadConnection.Failed(description: "an event was refused")
            }
        }
        ids.append(event.id)
        let ask = try span {
            guard try count([event.id], connection) == 1 else {
                throw LoadConnection.Failed(description: "an event is missing right after its OK")
            }
        }
        lock.withLock {
            spans.publish.append(publish)
            spans.ask.append(ask)
        }
    }

    /// Asks for events, and closes the request.
    private func count(_ ids: some Collection<EventID>, _ connection: LoadConnection) throws -> Int {
        let list = ids.map { "\"\($0)\"" }.joined(separator: ",")
        try connection.write(LoadConnection.frame("[\"REQ\",\"q\",{\"ids\":[\(list)]}]"))
        var found = 0
        while true {
            switch try connection.next() {
            case .event: found += 1
            case .endOfStored:
                try connection.write(LoadConnection.frame(#"["CLOSE","q"]"#))
                return found
            case .accepted, .refused, .closed, .other:
                throw LoadConnection.Failed(description: "a request was refused")
            }
        }
    }

    private func span(_ body: () throws -> Void) rethrows -> Double {
        let start = Clock.now
        try body()
        return Clock.now - start
    }

    /// How many of its events are there, asked for once more.
    func kept() throws -> Int {
        let connection = try LoadConnection(port: port, for: "8.8.\(number).8")
        return try stride(from: 0, to: ids.count, by: 400).reduce(0) { found, start in
            try found + count(ids[start..<min(start + 400, ids.count)], connection)
        }
    }
}
