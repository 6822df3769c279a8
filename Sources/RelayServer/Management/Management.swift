// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport

/// The management interface (NIP-86): a call over HTTP, signed by one of the admins (NIP-98).
final class Management: Sendable {
    /// What the media type of a call is, however it goes on.
    static let mediaType = "application/nostr+json+rpc"
    /// **Bytes** of a call.
    static let maxCallLength = 65_536
    /// Reports looked through for events that need moderation.
    static let maxReports = 500

    private let moderation: Moderation
    private let store: EventStore
    private let clock: RelayClock
    private let credentials: HTTPAuthenticator
    private let statistics: @Sendable () -> RelayServerStatistics
    private let audit: @Sendable (ManagementRecord) -> Void
    private let admins: NIOLockedValueBox<Set<PublicKey>>

    init(
        _ moderation: Moderation, admins: Set<PublicKey>, store: EventStore, clock: RelayClock,
        credentials: HTTPAuthenticator, statistics: @escaping @Sendable () -> RelayServerStatistics,
        audit: @escaping @Sendable (ManagementRecord) -> Void
    ) {
        self.moderation = moderation
        self.store = store
        self.clock = clock
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
        guard request.body.readableBytes <= Self.maxCallLength else {
            return Self.answer(.payloadTooLarge, error: "the body is too long")
        }
        let admin: PublicKey
        do throws(HTTPAuthenticator.Refusal) {
            admin = try credentials.author(of: request, at: clock.now()) { key in
                admins.withLockedValue { $0.contains(key) }
            }
        } catch {
            if error.isTemporary { return Self.answer(.tooManyRequests, error: error.reason) }
            return Self.answer(.unauthorized, error: error.reason, ["WWW-Authenticate": "Nostr"])
        }
        do throws(ManagementCall.Problem) {
            let call = try ManagementCall.parse(Array(request.body.readableBytesView))
            return Self.answer(.ok, result: try await perform(call, for: admin))
        } catch {
            return Self.answer(.ok, error: error.text)
        }
    }

    private func perform(_ call: ManagementCall, for admin: PublicKey) async throws(ManagementCall.Problem)
        -> [UInt8]
    {
        guard let method = ManagementMethod(rawValue: call.method) else {
            throw ManagementCall.Problem("the method is unknown")
        }
        guard let change = try call.change(method) else { return try answer(method) }
        do { try await moderation.apply(change) } catch {
            audit(ManagementRecord(admin: admin, change: change, failure: error.description))
            throw ManagementCall.Problem(error.description)
        }
        audit(ManagementRecord(admin: admin, change: change, failure: nil))
        return Array("true".utf8)
    }

    private func answer(_ method: ManagementMethod) throws(ManagementCall.Problem) -> [UInt8] {
        switch method {
        case .supportedmethods:
            return JSONObject.list(ManagementMethod.allCases.map { JSONObject.quoted($0.rawValue) })
        case .listeventsneedingmoderation: return try reportedEvents()
        case .stats: return stats()
        default: return moderation.lists.json(method) ?? Array("[]".utf8)
        }
    }
}

/// Answers that need more than the lists.
extension Management {
    /// Stored events that somebody reported (NIP-56) and nobody has decided about; the newest reports' first.
    private func reportedEvents() throws(ManagementCall.Problem) -> [UInt8] {
        let lists = moderation.lists
        let decided = Set(
            lists.entries(\.allowedEvents).map(\.subject) + lists.entries(\.bannedEvents).map(\.subject))
        var reasons: [(id: EventID, reason: String)] = []
        var seen = decided
        do throws(StoreError) {
            for report in try store.events(
                matching: [Filter(kinds: [1984], limit: Self.maxReports)], now: clock.now())
            {
                for tag in report.tags where tag.name == "e" {
                    guard let id = tag.value.flatMap({ EventID(hex: $0.string) }), seen.insert(id).inserted,
                        try store.contains(id)
                    else { continue }
                    reasons.append((id, tag.elements.dropFirst(2).first?.string ?? ""))
                }
            }
        } catch { throw ManagementCall.Problem("the store could not be read") }
        return JSONObject.list(
            reasons.map { id, reason in
                var object = JSONObject()
                object.add("id", id.hex)
                object.addUnlessEmpty("reason", reason)
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
