// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport

/// A Blossom server that has faults, and shares no code with ours but the port.
final class FaultyBlossom: Sendable {
    enum Fault: Hashable, Sendable {
        case none
        /// Its descriptors tell of another blob, or another size, or are none.
        case wrongHash, wrongSize, noDescriptor
        /// Every upload is answered so.
        case status(Int)
        /// It does not copy: `PUT /mirror` is answered so.
        case noMirror(Int)
        /// It takes tokens in this alphabet alone.
        case wants(standard: Bool)
        /// It reads and never answers.
        case hangs
        /// It deletes nothing: `DELETE` is answered so.
        case keeps(Int)
        /// Tags stand where older servers put them.
        case oldTags
    }

    let fault: Fault
    private let seen = NIOLockedValueBox<[String]>([])
    private let heads = NIOLockedValueBox<[HTTPHeaders]>([])
    private let blobs = NIOLockedValueBox<[String: Int]>([:])

    init(_ fault: Fault) { self.fault = fault }

    /// Methods and paths that were asked, in order.
    var asked: [String] { seen.withLockedValue { $0 } }
    /// The headers of what was asked.
    var headers: [HTTPHeaders] { heads.withLockedValue { $0 } }
    /// Blobs it has, and their sizes.
    var stored: [String: Int] { blobs.withLockedValue { $0 } }

    func route(_ url: String) -> HTTPRoute {
        HTTPRoute(
            methods: { _ in [.GET, .HEAD, .PUT, .DELETE] },
            body: { [self] request in
                guard request.path == "/upload" else { return .collected }
                return .streamed(upTo: 1 << 30) { request, body in await self.upload(request, body, url) }
            },
            answer: { [self] request in .awaited { await self.answer(request, url) } })
    }

    private func upload(_ request: HTTPRequest, _ body: BodyStream, _ url: String) async -> HTTPResponse {
        note(request)
        var (hash, size) = (SHA256(), 0)
        while let piece = try? await body.next() {
            hash.update(Array(piece.readableBytesView).span)
            size += piece.readableBytes
        }
        return await answer(request, Hex.string(hash.finish().bytes), size, url)
    }

    private func answer(_ request: HTTPRequest, _ url: String) async -> HTTPResponse {
        note(request)
        if request.method == .DELETE {
            if case .keeps(let status) = fault { return HTTPResponse(status: .init(statusCode: status)) }
            _ = blobs.withLockedValue { $0.removeValue(forKey: String(request.path.dropFirst())) }
            return HTTPResponse(status: .noContent)
        }
        if request.path == "/mirror" {
            if case .noMirror(let status) = fault { return HTTPResponse(status: .init(statusCode: status)) }
            // It says what it would have to, without fetching.
            let text = String(buffer: request.body)
            guard let name = text.split(whereSeparator: { !$0.isHexDigit }).first(where: { $0.count == 64 })
            else {
                return HTTPResponse(status: .badRequest)
            }
            return await answer(request, String(name), Self.size(in: text), url)
        }
        return HTTPResponse(status: .notFound)
    }

    /// The test's URLs say it.
    private static func size(in text: String) -> Int {
        text.split(separator: "?size=").dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
    }

    private func answer(_ request: HTTPRequest, _ hash: String, _ size: Int, _ url: String) async
        -> HTTPResponse
    {
        let token = request.headers.first(name: "Authorization") ?? ""
        switch fault {
        case .status(402):
            return HTTPResponse(
                status: .paymentRequired, headers: ["X-Lightning": "lnbc1", "X-Cashu": "creq"])
        case .status(let status): return HTTPResponse(status: .init(statusCode: status))
        case .hangs:
            try? await Task.sleep(for: .seconds(20))
            return HTTPResponse(status: .serviceUnavailable)
        case .wants(let standard):
            let isStandard = token.contains("=") || token.contains("+") || token.contains("/")
            if isStandard != standard { return HTTPResponse(status: .unauthorized) }
        case .noDescriptor: return HTTPResponse(contentType: "text/html", text: "<html>thanks</html>")
        case .none, .wrongHash, .wrongSize, .noMirror, .oldTags, .keeps: break
        }
        blobs.withLockedValue { $0[hash] = size }
        let told = fault == .wrongHash ? String(repeating: "0", count: 64) : hash
        let tags = #"[["url","\#(url)/\#(hash)"],["x","\#(hash)"]]"#
        let extra = fault == .oldTags ? #""nip94_event":{"tags":\#(tags)}"# : #""nip94":\#(tags)"#
        return HTTPResponse(
            status: .created, contentType: "application/json",
            text:
                #"{"url":"\#(url)/\#(hash).mp4?size=\#(size)","sha256":"\#(told)","size":\#(fault == .wrongSize ? size + 1 : size),"type":"video/mp4","uploaded":1,\#(extra)}"#
        )
    }

    private func note(_ request: HTTPRequest) {
        seen.withLockedValue { $0.append("\(request.method.rawValue) \(request.path)") }
        heads.withLockedValue { $0.append(request.headers) }
    }
}
