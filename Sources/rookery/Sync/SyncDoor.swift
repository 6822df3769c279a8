// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Our own side of a one-shot sync: the one door, in this process or in the daemon that has it.
enum SyncDoor: Sendable {
    case own(EventImporter)
    case daemon(DaemonDoor)
    /// Nothing is taken: whoever only looks gets nothing that could be.
    case closed

    /// How many batches are judged at one time.
    var width: Int {
        switch self {
        case .own: 4
        case .daemon, .closed: 1
        }
    }

    /// Events of one batch.
    static let batchEvents = 2_000
    static let batchBytes = 8 << 20

    func judge(_ events: [ParsedEvent]) async throws -> ImportReport {
        switch self {
        case .own(let importer): await importer.judge(events)
        case .daemon(let door): try await door.judge(events)
        case .closed: ImportReport()
        }
    }
}

/// The daemon's door, through its control socket.
actor DaemonDoor {
    private var client: ControlClient

    init(_ client: consuming ControlClient) { self.client = client }

    func judge(_ events: [ParsedEvent]) throws -> ImportReport {
        var payload: [UInt8] = []
        payload.reserveCapacity(events.reduce(0) { $0 + $1.event.json.count + 1 })
        for event in events {
            payload += event.event.json
            payload.append(UInt8(ascii: "\n"))
        }
        let request = ControlRequest(command: .importEvents, lines: events.count)
        return try client.ask(request, payload: payload).report ?? ImportReport()
    }
}
