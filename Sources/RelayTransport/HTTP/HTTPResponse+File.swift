// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOHTTP1

extension HTTPResponse {
    /// A file, or what a request wants of it: one range of its bytes (206, 416), or word that it is the same still (304).
    ///
    /// Several ranges at once are answered with the whole file, as RFC 9110 §14.2 allows.
    ///
    /// - Parameters:
    ///   - tag: names the content; without quotes.
    ///   - headers: of every such answer, `Content-Type` among them.
    public static func file(
        _ file: HTTPFile, tag: String, for request: HTTPRequest, headers: HTTPHeaders
    ) -> HTTPResponse {
        var response = HTTPResponse(headers: headers)
        response.headers.replaceOrAdd(name: "ETag", value: "\"\(tag)\"")
        response.headers.replaceOrAdd(name: "Accept-Ranges", value: "bytes")
        if request.headers["If-None-Match"].contains(where: { lists(tag, in: $0) }) {
            response.status = .notModified
            response.headers.remove(name: "Content-Type")
            return response
        }
        switch range(of: request, size: file.size, tag: tag) {
        case .whole: response.file = FilePart(file)
        case .part(let range):
            response.status = .partialContent
            response.headers.replaceOrAdd(
                name: "Content-Range",
                value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)")
            response.file = FilePart(file, range)
        case .unsatisfiable:
            response = HTTPResponse(status: .rangeNotSatisfiable, reason: "nothing of that range is there")
            response.headers.replaceOrAdd(name: "Content-Range", value: "bytes */\(file.size)")
        }
        return response
    }

    private static func range(of request: HTTPRequest, size: Int64, tag: String) -> ByteRange {
        guard request.method == .GET, request.headers["Range"].count == 1,
            let header = request.headers.first(name: "Range")
        else { return .whole }
        // A date is not the content's name; what it was asked for as may have been another.
        if let condition = request.headers.first(name: "If-Range"), condition != "\"\(tag)\"" {
            return .whole
        }
        return ByteRange(header, size: size)
    }

    /// Whether an `If-None-Match` names this tag, weakly or not.
    private static func lists(_ tag: String, in header: String) -> Bool {
        header.split(separator: ",").contains { entry in
            var entry = entry.drop { $0 == " " || $0 == "\t" }
            while let last = entry.last, last == " " || last == "\t" { entry.removeLast() }
            if entry == "*" { return true }
            if entry.hasPrefix("W/") { entry = entry.dropFirst(2) }
            return entry == "\"\(tag)\""
        }
    }
}
