// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import TestSupport
import TweetBridge
import TweetCore

/// Time that moves on when somebody waits: no test sleeps.
final class HastyTime: Sendable {
    private let state: NIOLockedValueBox<(now: Int64, waits: [Int64])>

    init(at now: Int64 = 1_785_000_000_000) { state = NIOLockedValueBox((now, [])) }

    var now: Int64 { state.withLockedValue { $0.now } }
    var waits: [Int64] { state.withLockedValue { $0.waits } }
    func advance(by span: Int64) { state.withLockedValue { $0.now += span } }

    var clock: BridgeClock {
        BridgeClock(now: { self.now }) { span in
            self.state.withLockedValue {
                $0.now += span
                $0.waits.append(span)
            }
        }
    }
}

/// Remembers what the client tells.
final class Ear: XObserver {
    struct Heard: Sendable {
        var results: [String] = []
        var requestIDs: [String?] = []
        var spent: Int64 = 0
        var renewals = 0
        var vocabularies: [Vocabulary] = []
    }
    private let box = NIOLockedValueBox(Heard())
    var heard: Heard { box.withLockedValue { $0 } }

    func requested(
        _ route: XRoute, with asker: Asker, result: String, milliseconds: Int64, requestID: String?
    ) {
        box.withLockedValue {
            $0.results.append(result)
            $0.requestIDs.append(requestID)
        }
    }
    func waits(_ route: XRoute, milliseconds: Int64, after result: String) {}
    func spent(_ amount: Int64, today: Int64, for purpose: SpendPurpose) {
        box.withLockedValue { $0.spent += amount }
    }
    func renewed(_ asker: Asker) { box.withLockedValue { $0.renewals += 1 } }
    func changed(to vocabulary: Vocabulary) { box.withLockedValue { $0.vocabularies.append(vocabulary) } }
    func streaming(_ isConnected: Bool) {}
}

/// Keeps rows in memory, and fails when told to.
final class RowShelf: SpendKeeping {
    struct Broken: Error {}
    private let state = NIOLockedValueBox((rows: [String: SpendRow](), isBroken: false, left: Int?.none))

    var rows: [SpendRow] { state.withLockedValue { Array($0.rows.values) } }
    var held: Int {
        rows.count { row in
            if case .held = row.item { return true }
            return false
        }
    }
    func breaks(_ isBroken: Bool) { state.withLockedValue { ($0.isBroken, $0.left) = (isBroken, nil) } }
    /// So many changes are kept, and none after them.
    func breaks(afterKeeping count: Int) { state.withLockedValue { $0.left = count } }

    func keep(_ changes: SpendChanges) async throws {
        try state.withLockedValue { state in
            if let left = state.left { (state.left, state.isBroken) = (left - 1, left <= 0) }
            if state.isBroken { throw Broken() }
            for row in changes.put { state.rows["\(row.day) \(row.item)"] = row }
            for row in changes.removed { state.rows["\(row.day) \(row.item)"] = nil }
        }
    }
}

/// A client, what it talks to, and everything around it.
struct Bench {
    var settings: XClientSettings
    var time = HastyTime()
    let ear = Ear()
    let shelf = RowShelf()
    var policy = SpendPolicy(cap: 100_000_000, reserved: [:])
    var prices = Prices()
    var sources: [any TokenSource] = [AppToken(Secret("app-secret"))]
    private let bare: XTransport

    init(_ transport: XTransport) {
        settings = transport.settings
        bare = transport
        prices.isChargedForIncluded = false
    }

    /// With the settings that the test has made.
    var transport: XTransport {
        var transport = bare
        transport.settings = settings
        return transport
    }

    /// - Parameter ledger: as it was kept; by default nothing is spent yet.
    func client(_ clock: BridgeClock? = nil, ledger: SpendLedger? = nil) -> XClient {
        XClient(
            transport, sources: sources, ledger: ledger ?? SpendLedger(prices: prices, policy: policy),
            keeper: shelf, clock: clock ?? time.clock, chance: SplitMix64(seed: 1), observer: ear)
    }

    /// Runs `body` with a server that answers so, and takes both down.
    static func run(
        _ answer: @escaping @Sendable (ScriptedX.Request, Int) async -> ScriptedX.Answer,
        _ body: (ScriptedX, inout Bench) async throws -> Void
    ) async throws {
        let server = try await ScriptedX(answer)
        try await with(server.baseURL) { try await body(server, &$0) }
        await server.stop()
    }

    static func with(_ baseURL: String, _ body: (inout Bench) async throws -> Void) async throws {
        let transport = XTransport(try XClientSettings(baseURL: baseURL))
        var bench = Bench(transport)
        let result: Result<Void, any Error>
        do { result = .success(try await body(&bench)) } catch { result = .failure(error) }
        await transport.close()
        try result.get()
    }
}

/// Why a question was not answered.
func refusal(_ body: () async throws(XFailure) -> Void) async -> XFailure? {
    do throws(XFailure) {
        try await body()
        return nil
    } catch { return error }
}
