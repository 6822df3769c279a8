// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import AsyncHTTPClient
public import NIOCore
public import NIOHTTP1
import NIOSSL
public import RelayTransport
public import TweetCore

/// Fetches files over HTTP into ``BlobFiles``, wherever somebody says that they are: a name is resolved once, its addresses
/// are checked, and the connection goes to one that passed (decision 0011), for each redirect anew.
public final class FileFetcher: Sendable {
    /// What to fetch, and what of it is taken.
    public struct Request: Sendable {
        public var url: String
        public var headers: HTTPHeaders
        public var trust: DialTrust
        /// **Bytes**.
        public var maxBytes: Int64
        /// Looks at the first bytes, 512 or all, and what the server calls them; a failure ends it.
        public var judge: @Sendable (_ start: [UInt8], _ type: String?) -> MediaFailure? = { _, _ in nil }

        public init(_ url: String, headers: HTTPHeaders = [:], trust: DialTrust, maxBytes: Int64) {
            self.url = url
            self.headers = headers
            self.trust = trust
            self.maxBytes = maxBytes
        }
    }

    /// A file that came whole. It is gone unless its writer finishes it.
    public struct Fetched: Sendable {
        public var writer: BlobWriter
        /// As the server says.
        public var type: String?
    }

    private let files: BlobFiles
    private let dialer: Dialer
    private let limits: MediaLimits
    private let clients: PinnedClients

    /// - Parameters:
    ///   - dialer: resolves and checks, by its options.
    ///   - caFile: a PEM file of authorities that are trusted besides the system's.
    public init(
        _ files: BlobFiles, dialer: Dialer, group: any EventLoopGroup, limits: MediaLimits,
        caFile: String? = nil
    ) {
        self.files = files
        self.dialer = dialer
        self.limits = limits
        clients = PinnedClients(
            group: group, configuration: .plain(limits, caFile: caFile), limit: limits.clientsKept)
    }

    /// Ends what is under way.
    public func shutdown() async { await clients.shutdown() }

    public func fetch(_ request: Request) async throws(MediaFailure) -> Fetched {
        guard let first = FileURL(request.url) else { throw .refused }
        var (url, request) = (first, request)
        for _ in 0...max(0, limits.maxRedirects) {
            // Whoever named the first place did not name others.
            if url.host != first.host || url.port != first.port { request.trust = .namedByStrangers }
            switch try await ask(url, request) {
            case .file(let fetched): return fetched
            case .elsewhere(let location):
                guard let next = FileURL(location, relativeTo: url), next.isSecure || !url.isSecure else {
                    throw .redirects
                }
                url = next
            }
        }
        throw .redirects
    }

    private enum Answer {
        case file(Fetched)
        case elsewhere(String)
    }

    private func ask(_ url: FileURL, _ request: Request) async throws(MediaFailure) -> Answer {
        for address in try await addresses(of: url, request.trust) {
            let client = await clients.take(url.host, address)
            do throws(MediaFailure) {
                let answer = try await ask(client, url, request)
                await clients.leave(url.host, address)
                if let answer { return answer }
            } catch {
                await clients.leave(url.host, address)
                throw error
            }
        }
        throw .unreachable
    }

    /// Of those that may be asked the first, and the first of the other family: the network may carry only one of them.
    private func addresses(of url: FileURL, _ trust: DialTrust) async throws(MediaFailure) -> [String] {
        let all: [SocketAddress]
        do throws(DialError) {
            all = try await dialer.addresses(of: url.host, port: url.port, trust: trust)
        } catch {
            if case .refused = error { throw .refused }
            throw .unreachable
        }
        let other = all.first { $0.protocol != all.first?.protocol }
        return [all.first, other].compactMap { $0?.ipAddress }
    }

    /// - Returns: `nil` when nobody answered.
    private func ask(
        _ client: HTTPClient, _ url: FileURL, _ request: Request
    ) async throws(MediaFailure) -> Answer? {
        var question = HTTPClientRequest(url: url.text)
        question.headers = request.headers
        question.headers.replaceOrAdd(name: "Accept-Encoding", value: "identity")
        let deadline = NIODeadline.now() + .seconds(limits.patience(for: request.maxBytes))
        let response: HTTPClientResponse
        do { response = try await client.execute(question, deadline: deadline) } catch { return nil }
        switch response.status.code {
        case 200: return .file(try await take(response, request))
        case 301, 302, 303, 307, 308:
            guard let location = response.headers.first(name: "Location") else { throw .redirects }
            return .elsewhere(location)
        case 404, 410: throw .gone
        default: throw .status(Int(response.status.code))
        }
    }

    private func take(
        _ response: HTTPClientResponse, _ request: Request
    ) async throws(MediaFailure) -> Fetched {
        let announced = response.headers.first(name: "Content-Length").flatMap { Int64($0) }
        let type = response.headers.first(name: "Content-Type")
        if let announced, announced > request.maxBytes { throw .tooLong }
        if announced == 0 { throw .empty }
        let writer: BlobWriter
        do throws(BlobError) {
            writer = try await BlobWriter.aside { [files] () throws(BlobError) in try files.begin() }
        } catch { throw MediaFailure(error) }
        do throws(MediaFailure) {
            try await read(response.body, announced, into: writer, type, request)
        } catch {
            writer.abandon()
            throw error
        }
        return Fetched(writer: writer, type: type)
    }

    private func read(
        _ body: HTTPClientResponse.Body, _ announced: Int64?, into writer: BlobWriter, _ type: String?,
        _ request: Request
    ) async throws(MediaFailure) {
        let began = NIODeadline.now()
        var (pieces, isJudged) = (body.makeAsyncIterator(), false)
        while let piece = try await next(&pieces, writer) {
            guard writer.size + Int64(piece.readableBytes) <= request.maxBytes else { throw .tooLong }
            do throws(BlobError) { try await writer.append(piece) } catch { throw MediaFailure(error) }
            if !isJudged, writer.start.count >= FileType.length {
                if let failure = request.judge(writer.start, type) { throw failure }
                isJudged = true
            }
            let taken = (NIODeadline.now() - began).nanoseconds / 1_000_000_000
            guard taken <= limits.patience(for: writer.size) else { throw .unreachable }
        }
        if writer.size == 0 { throw .empty }
        if let announced, writer.size < announced { throw .short }
        if !isJudged, let failure = request.judge(writer.start, type) { throw failure }
    }

    private func next(
        _ pieces: inout HTTPClientResponse.Body.AsyncIterator, _ writer: BlobWriter
    ) async throws(MediaFailure) -> ByteBuffer? {
        do { return try await pieces.next() } catch {
            throw writer.size > 0 ? .short : .unreachable
        }
    }
}

extension HTTPClient.Configuration {
    /// Nothing is followed, unpacked or asked twice behind our back.
    static func plain(_ limits: MediaLimits, caFile: String?) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: Timeout(
                connect: .seconds(limits.connectSeconds), read: .seconds(limits.idleSeconds),
                write: .seconds(limits.idleSeconds)),
            decompression: .disabled)
        configuration.httpVersion = .http1Only
        // Who is not there now is asked at another address, or later.
        configuration.connectionPool.retryConnectionEstablishment = false
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let caFile { tls.additionalTrustRoots = [.file(caFile)] }
        configuration.tlsConfiguration = tls
        return configuration
    }
}
