// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest

/// Where batches of lines go: to a store of our own, or to the daemon that has it.
protocol ImportSink: ~Copyable {
    /// Takes a batch; may wait for earlier ones to be judged and then returns their reports.
    mutating func take(_ lines: [LineBuffer.Line]) async throws -> [ImportReport]
    /// The reports of what was taken and not yet reported, one at a time; `nil` when there is none left.
    mutating func finish() async throws -> ImportReport?
}

/// Hands batches to the daemon through its control socket, one being judged while the next is read.
struct DaemonSink: ImportSink, ~Copyable {
    private var client: ControlClient
    private var inFlight = 0

    init(_ client: consuming ControlClient) { self.client = client }

    mutating func take(_ lines: [LineBuffer.Line]) async throws -> [ImportReport] {
        // A line that is too long is sent as one that no daemon takes, so that the numbers of lines agree.
        var payload: [UInt8] = []
        for line in lines {
            switch line {
            case .whole(let content): payload += content
            case .tooLong: payload += Array("too long".utf8)
            }
            payload.append(UInt8(ascii: "\n"))
        }
        let reports = inFlight > 1 ? [try receive()] : []
        try client.send(ControlRequest(command: .importEvents, lines: lines.count), payload: payload)
        inFlight += 1
        return reports
    }

    mutating func finish() async throws -> ImportReport? { inFlight > 0 ? try receive() : nil }

    private mutating func receive() throws(CommandFailure) -> ImportReport {
        inFlight -= 1
        let answer = try client.receive()
        if let error = answer.error { throw CommandFailure(error) }
        return answer.report ?? ImportReport()
    }
}

/// Hands batches to a store that nobody else writes to.
struct StoreSink: ImportSink, ~Copyable {
    /// Batches being judged at one time.
    static let inFlightMax = 9
    /// **Bytes** of their lines: less than the door's share for imports, in which an event may count twice.
    static let inFlightBytesMax = 20 << 20

    let importer: EventImporter
    private var inFlight: [(judging: Task<ImportReport, Never>, bytes: Int)] = []
    private var bytes = 0
    private var turn: ImportTurn?

    init(_ ingest: Ingest) { importer = EventImporter(ingest: ingest) }

    mutating func take(_ lines: [LineBuffer.Line]) async throws -> [ImportReport] {
        let size = lines.reduce(0) { $0 + $1.bytes }
        var reports: [ImportReport] = []
        while inFlight.count >= Self.inFlightMax || bytes + size > Self.inFlightBytesMax,
            let report = try await finish()
        {
            reports.append(report)
        }
        let turn = ImportTurn(after: turn)
        self.turn = turn
        bytes += size
        inFlight.append((Task { [importer] in await importer.judge(lines, in: turn) }, size))
        return reports
    }

    mutating func finish() async throws -> ImportReport? {
        guard !inFlight.isEmpty else { return nil }
        let first = inFlight.removeFirst()
        bytes -= first.bytes
        return await first.judging.value
    }
}

extension LineBuffer.Line {
    fileprivate var bytes: Int {
        if case .whole(let content) = self { content.count } else { 0 }
    }
}
