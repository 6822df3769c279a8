// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An HTTP/1.1 answer, read by code that the server under test does not share.
public struct HTTPAnswer: Hashable, Sendable {
    /// The status code.
    public var status: Int
    /// Header fields by lower-case name.
    public var headers: [String: String]
    /// The body, as far as `Content-Length`, chunks or the end of the connection say.
    public var body: [UInt8]

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Asks `127.0.0.1:port` for `path`.
    ///
    /// - Throws: ``TimedOut``, or when nobody listens.
    public static func get(
        _ path: String, from port: Int, method: String = "GET", headers: [String: String] = [:],
        body sent: [UInt8] = [], within limit: Duration = patience
    ) async throws -> HTTPAnswer {
        try await BlockingQueue("http get").run {
            let socket = try TCPSocket(connectingTo: port)
            var fields = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
            if !sent.isEmpty { fields["Content-Length"] = "\(sent.count)" }
            fields.merge(headers) { $1 }
            try socket.write(request(method, path, fields) + sent)
            var (answer, body) = try readHead(from: socket, within: limit)
            let hasNoBody = method == "HEAD" || answer.status == 204 || answer.status == 304
            let length = hasNoBody ? 0 : answer.headers["content-length"].flatMap { Int($0) }
            while body.count < length ?? .max {
                let chunk = try socket.read(within: limit)
                if chunk.isEmpty { break }
                body += chunk
            }
            let isChunked = answer.headers["transfer-encoding"]?.lowercased() == "chunked"
            answer.body = isChunked ? joined(chunks: body) : body
            return answer
        }
    }

    static func request(_ method: String, _ path: String, _ fields: [String: String]) -> [UInt8] {
        let lines = fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        return Array("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n".utf8)
    }

    /// An answer without its body, and the bytes read beyond it.
    static func readHead(from socket: TCPSocket, within limit: Duration) throws -> (HTTPAnswer, [UInt8]) {
        var bytes: [UInt8] = []
        while true {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                return (parse(head), Array(bytes[end.upperBound...]))
            }
            let chunk = try socket.read(within: limit)
            if chunk.isEmpty { return (HTTPAnswer(status: 0, headers: [:], body: bytes), []) }
            bytes += chunk
        }
    }

    private static func parse(_ head: String) -> HTTPAnswer {
        let lines = head.split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        let status = words.count > 1 ? Int(words[1]) : nil
        return HTTPAnswer(status: status ?? 0, headers: headers, body: [])
    }

    private static func joined(chunks: [UInt8]) -> [UInt8] {
        var (body, rest) = ([UInt8](), chunks[...])
        while let line = rest.firstRange(of: Array("\r\n".utf8)) {
            let size = String(decoding: rest[..<line.lowerBound], as: UTF8.self)
            guard let count = Int(size, radix: 16), count > 0 else { break }
            rest = rest[line.upperBound...]
            body += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
        }
        return body
    }
}
