// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An answer, and how it is to be written.
public struct XReply: Hashable, Sendable {
    /// What happens on the wire.
    public enum Manner: Hashable, Sendable {
        case whole
        /// The length of the whole body is promised, this much is sent, and the connection closed.
        case truncated(to: Int)
        /// Likewise, and the connection reset.
        case reset(after: Int)
        /// The body byte after byte.
        case dripping(every: Duration)
        /// Nothing is ever sent.
        case silence
        /// The head, and from then on lines of the activity stream.
        case stream(StreamID)
    }

    public var status: Int
    public var headers: [Header]
    public var body: [UInt8]
    public var manner = Manner.whole
    /// Real time before anything is sent.
    public var delay = Duration.zero

    public struct Header: Hashable, Sendable {
        public var name: String
        public var value: String
    }

    init(_ status: Int, body: [UInt8], contentType: String?) {
        self.status = status
        self.body = body
        headers = contentType.map { [Header(name: "content-type", value: $0)] } ?? []
    }

    init(_ status: Int = 200, _ json: JSON) {
        self.init(status, body: json.bytes, contentType: "application/json; charset=utf-8")
    }

    /// The first header of a lower-case name.
    public subscript(header name: String) -> String? {
        get { headers.first { $0.name == name }?.value }
        set {
            headers.removeAll { $0.name == name }
            if let newValue { headers.append(Header(name: name, value: newValue)) }
        }
    }

    /// The body as JSON, if it is.
    public var json: JSON? { JSON(body) }
}
