// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOPosix
import RelayTransport
import TestSupport
import Testing

extension Dialer {
    /// Runs `body` with a dialer, and shuts it down.
    static func run(
        _ change: (inout DialOptions) -> Void = { _ in },
        resolve: @escaping @Sendable (String, Int) throws -> [SocketAddress] = Dialer.systemResolve,
        _ body: (Dialer) async throws -> Void
    ) async throws {
        var options = DialOptions()
        options.connectTimeout = .minutes(2)
        options.addressTimeout = .minutes(2)
        change(&options)
        let dialer = try Dialer(
            group: MultiThreadedEventLoopGroup.singleton, options: options, resolve: resolve)
        do {
            try await body(dialer)
        } catch {
            dialer.shutdown()
            throw error
        }
        dialer.shutdown()
    }

    /// Runs `body` with more and more time until what runs out of it is `stage`: on a busy machine it may be one before.
    static func timesOut(
        _ stage: DialStage, after first: TimeAmount, _ option: WritableKeyPath<DialOptions, TimeAmount>,
        _ body: (Dialer) async throws -> Void
    ) async throws {
        var time = first
        while true {
            var outcome: DialError?
            try await run({ $0[keyPath: option] = time }) { dialer in
                do { try await body(dialer) } catch let error as DialError { outcome = error }
            }
            guard case .timeout(let reached)? = outcome, reached != stage, time < .minutes(1) else {
                #expect(outcome == .timeout(stage))
                return
            }
            time = .nanoseconds(time.nanoseconds * 2)
        }
    }

    /// Dials and returns the conversation's log.
    func conversation(
        with target: DialTarget, trust: DialTrust = .operatorNamed,
        answer: @escaping RecordingPeer.Answer = { _, _ in }
    ) async throws(DialError) -> PeerLog {
        let log = PeerLog()
        try await dial(target, trust: trust) { RecordingPeer(log, answer: answer) }
        return log
    }
}

extension DialTarget {
    /// A target of a test.
    static func local(_ port: Int, host: String = "127.0.0.1", isSecure: Bool = false, path: String = "/")
        -> DialTarget
    {
        DialTarget(isSecure: isSecure, host: host, port: port, authority: "\(host):\(port)", path: path)
    }
}
