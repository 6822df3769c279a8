// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import TweetCore

/// Carries one request to X and one answer back. It knows neither limits nor money, and shows a token to nobody but X.
public struct XTransport: Sendable {
    public var settings: XClientSettings
    private let http: HTTPClient

    /// Whoever makes one must ``close()`` it.
    ///
    /// Answers are unpacked up to their limit, no redirect is followed, and a server that falls silent is given up on.
    public init(_ settings: XClientSettings) {
        self.settings = settings
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: .milliseconds(StreamCourse.silenceMax)),
            decompression: .enabled(limit: .size(settings.limits.bytesMax)))
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        configuration.tlsConfiguration = tls
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Ends all connections, and what is under way on them.
    public func close() async {
        // Closed before: then there is nothing to do.
        try? await http.shutdown()
    }

    /// The answer did not come, or not whole, or is too large.
    struct Lost: Error {
        var failure: XFailure
        /// Whether a part of a good answer came: X takes money for it.
        var wasAnswered = false
        /// Whether X may have done what was asked.
        var mayBeDone = true
    }

    func send(
        _ request: XRequest, authorization: Secret?, contentType: String = "application/json"
    ) async throws(Lost) -> XReply {
        let response: HTTPClientResponse
        let end = ContinuousClock.now + .milliseconds(settings.timeout)
        do {
            response = try await http.execute(
                prepared(request, authorization, contentType), timeout: .milliseconds(settings.timeout))
        } catch { throw Lost(failure: Self.failure(error), mayBeDone: !Self.wasNeverSent(error)) }
        do {
            let body = try await collect(response.body, until: end)
            return XReply(
                status: Int(response.status.code), headers: XHeaders { response.headers.first(name: $0) },
                body: Array(body.readableBytesView))
        } catch {
            throw Lost(failure: Self.failure(error), wasAnswered: (200..<300).contains(response.status.code))
        }
    }

    /// The client's own time ends with the head: a body that comes a byte at a time would hold a question for days.
    private func collect(
        _ body: HTTPClientResponse.Body, until end: ContinuousClock.Instant
    ) async throws -> ByteBuffer {
        try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask { [limit = settings.limits.bytesMax] in try await body.collect(upTo: limit) }
            group.addTask {
                try await Task.sleep(until: end, clock: .continuous)
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            guard let whole = try await group.next() else { throw CancellationError() }
            return whole
        }
    }

    /// An answer whose body has no end.
    func open(_ request: XRequest, authorization: Secret) async throws(XFailure) -> HTTPClientResponse {
        var prepared = prepared(request, authorization, "application/json")
        // Packed bytes may wait in the packer: each line is to come at once.
        prepared.headers.replaceOrAdd(name: "Accept-Encoding", value: "identity")
        do { return try await http.execute(prepared, deadline: .distantFuture) } catch {
            throw Self.failure(error)
        }
    }

    private func prepared(_ request: XRequest, _ authorization: Secret?, _ contentType: String)
        -> HTTPClientRequest
    {
        var prepared = HTTPClientRequest(url: settings.baseURL + request.target)
        prepared.method = HTTPMethod(rawValue: request.method.rawValue)
        prepared.headers.add(name: "User-Agent", value: settings.userAgent)
        prepared.headers.add(name: "Accept", value: "application/json")
        prepared.headers.add(name: "Accept-Encoding", value: "gzip")
        if let authorization { prepared.headers.add(name: "Authorization", value: authorization.revealed) }
        if let body = request.body {
            prepared.headers.add(name: "Content-Type", value: contentType)
            prepared.body = .bytes(body)
        }
        return prepared
    }

    private static func wasNeverSent(_ error: any Error) -> Bool {
        if let error = error as? HTTPClientError {
            return error == .connectTimeout || error == .tlsHandshakeTimeout
                || error == .getConnectionFromPoolTimeout
        }
        return error is NIOConnectionError
    }

    /// Words of our own: descriptions of errors may hold addresses and headers.
    static func failure(_ error: any Error) -> XFailure {
        switch error {
        case let failure as XFailure: failure
        case is CancellationError: .transient("cancelled")
        case is NIOTooManyBytesError: .transient("the answer is too large")
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout, .tlsHandshakeTimeout: .transient("no connection in time")
            case .deadlineExceeded, .readTimeout: .transient("no answer in time")
            case .remoteConnectionClosed: .transient("the connection was closed")
            case .cancelled: .transient("cancelled")
            default: .transient("the request failed")
            }
        case is ChannelError, is NIOConnectionError: .transient("no connection")
        default: .transient("the connection failed")
        }
    }
}
