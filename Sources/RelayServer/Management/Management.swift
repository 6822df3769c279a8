// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix
import NostrCore
import RelayTransport

/// The management interface (NIP-86): a call over HTTP, signed by one of the admins (NIP-98).
final class Management: Sendable {
    /// What the media type of a call is, however it goes on.
    static let mediaType = "application/nostr+json+rpc"

    private let moderation: Moderation
    private let store: EventStore
    private let clock: RelayClock
    private let limits: ManagementLimits
    private let credentials: HTTPAuthenticator
    private let statistics: @Sendable () -> RelayServerStatistics
    private let audit: @Sendable (ManagementRecord) -> Void
    private let admins: NIOLockedValueBox<Set<PublicKey>>

    init(
        _ moderation: Moderation, admins: Set<PublicKey>, store: EventStore, clock: RelayClock,
        limits: ManagementLimits, credentials: HTTPAuthenticator,
        statistics: @escaping @Sendable () -> RelayServerStatistics,
        audit: @escaping @Sendable (ManagementRecord) -> Void
    ) {
        self.moderation = moderation
        self.store = store
        self.clock = clock
        self.limits = limits
        self.credentials = credentials
        self.statistics = statistics
        self.audit = audit
        self.admins = NIOLockedValueBox(admins)
    }

    /// Whether anybody may call.
    var isOn: Bool { admins.withLockedValue { !$0.isEmpty } }

    var whenOn: Management? { isOn ? self : nil }

    func adopt(admins new: Set<PublicKey>) { admins.withLockedValue { $0 = new } }

    /// Whether a request is a call.
    static func takes(_ request: HTTPRequest) -> Bool {
        guard request.method == .POST, request.path == "/" else { return false }
        return request.headers[canonicalForm: "Content-Type"].contains {
            $0.prefix { $0 != ";" }.lowercased() == mediaType
        }
    }

    /// Serves one call.
    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard request.body.readableBytes <= limits.callBytes else {
            return Self.answer(.payloadTooLarge, error: "the body is too long")
        }
        let admin: PublicKey
        do throws(HTTPAuthenticator.Refusal) {
            admin = try credentials.author(of: request) { key in
                admins.withLockedValue { $0.contains(key) }
            }
        } catch {
            if error.isTemporary { return Self.answer(.tooManyRequests, error: error.reason) }
            return Self.answer(.unauthorized, error: error.reason, ["WWW-Authenticate": "Nostr"])
        }
        do throws(ManagementCall.Problem) {
            let call = try ManagementCall.parse(Array(request.body.readableBytesView))
            return Self.answer(
                .ok, result: try await perform(call, for: admin, at: NetworkAddress(request.remoteAddress)))
        } catch {
            return Self.answer(.ok, error: error.text)
        }
    }

    /// - Parameter caller: where the admin calls from.
    private func perform(
        _ call: ManagementCall, for admin: PublicKey, at caller: NetworkAddress?
    ) async throws(ManagementCall.Problem) -> [UInt8] {
        guard let method = ManagementMethod(rawValue: call.method) else {
            throw ManagementCall.Problem("the method is unknown")
        }
        guard let change = try call.change(method) else { return try await answer(method) }
        var record = ManagementRecord(
            admin: admin, method: method, parameters: call.spelledParameters, change: change)
        do throws(ManagementCall.Problem) {
            record.openings = try await make(change, at: caller)
        } catch {
            record.failure = error.text
            audit(record)
            throw error
        }
        audit(record)
        return Array("true".utf8)
    }

    private func make(
        _ change: ModerationChange, at caller: NetworkAddress?
    ) async throws(ManagementCall.Problem) -> [ManagementRecord.Opening] {
        if case .blockAddress(let prefix, _) = change, let caller, prefix.contains(caller) {
            throw ManagementCall.Problem("that is the address you call from")
        }
        let before = moderation.lists
        do { try await moderation.apply(change) } catch {
            throw ManagementCall.Problem(error.description)
        }
        return ManagementRecord.Opening.between(before, moderation.lists)
    }

    private func answer(_ method: ManagementMethod) async throws(ManagementCall.Problem) -> [UInt8] {
        switch method {
        case .supportedmethods:
            return JSONObject.list(ManagementMethod.allCases.map { JSONObject.quoted($0.rawValue) })
        case .listeventsneedingmoderation: return try await reportedEvents()
        case .stats: return stats()
        default: return moderation.lists.json(method) ?? Array("[]".utf8)
        }
    }
}

/// Answers that need more than the lists.
extension Management {
    /// Stored events that somebody reported and nobody has decided about.
    private func reportedEvents() async throws(ManagementCall.Problem) -> [UInt8] {
        let (reported, lists, now) = (ReportedEvents(limits: limits), moderation.lists, clock.now())
        let entries: [ReportedEvents.Entry]
        do {
            entries = try await NIOThreadPool.singleton.runIfActive { [store] in
                let decided = lists.entries(\.allowedEvents) + lists.entries(\.bannedEvents)
                return try reported.read(from: store, besides: Set(decided.map(\.subject)), at: now)
            }
        } catch { throw ManagementCall.Problem("the store could not be read") }
        return JSONObject.list(
            entries.map { entry in
                var object = JSONObject()
                object.add("id", entry.id.hex)
                object.addUnlessEmpty("reason", entry.reason)
                return object.text
            })
    }

    private func stats() -> [UInt8] {
        let served = statistics()
        let stored = try? store.statistics
        var object = JSONObject()
        object.add("connections", Int64(served.transport.openWebSockets))
        object.add("subscriptions", Int64(served.subscriptions))
        object.add("events", Int64(stored?.events ?? 0))
        object.add("used_bytes", Int64(stored?.usedBytes ?? 0))
        object.add("queued_bytes", Int64(served.transport.queuedBytes))
        return object.text
    }

    private static func answer(_ status: HTTPResponseStatus, result: [UInt8]) -> HTTPResponse {
        answer(status, Array(#"{"result":"#.utf8) + result + Array("}".utf8))
    }

    private static func answer(
        _ status: HTTPResponseStatus, error: String, _ headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        var object = JSONObject()
        object.add("error", error)
        return answer(status, object.text, headers)
    }

    private static func answer(
        _ status: HTTPResponseStatus, _ json: [UInt8], _ headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        var response = HTTPResponse(status: status, headers: headers, body: ByteBuffer(bytes: json))
        response.headers.replaceOrAdd(name: "Content-Type", value: mediaType)
        response.headers.replaceOrAdd(name: "Cache-Control", value: "no-store")
        return response
    }
}
