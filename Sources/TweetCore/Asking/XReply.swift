// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What came back over HTTP, before it is understood.
public struct XReply: Hashable, Sendable {
    public var status: Int
    public var headers: XHeaders
    public var body: [UInt8]

    public init(status: Int, headers: XHeaders = XHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The headers that say something to us. Moments in **milliseconds** since 1970.
public struct XHeaders: Hashable, Sendable {
    /// Of 15 minutes (`x-rate-limit-…`).
    public var window: Window?
    /// Of 24 hours (`x-app-limit-24hour-…` or `x-user-limit-24hour-…`): the tighter of both.
    public var day: Window?
    /// **Milliseconds** (`retry-after`).
    public var retryAfter: Int64?
    /// Without parameters, in lower case.
    public var contentType: String?
    /// For the log, and for X's support.
    public var requestID: String?

    public struct Window: Hashable, Sendable, Codable {
        public var limit: Int
        public var remaining: Int
        public var reset: Int64

        public init(limit: Int, remaining: Int, reset: Int64) {
            self.limit = limit
            self.remaining = remaining
            self.reset = reset
        }
    }

    public init() {}

    /// - Parameter value: the value of a header by its name in lower case.
    public init(_ value: (String) -> String?) {
        func number(_ name: String) -> Int? {
            value(name).flatMap { Int($0.prefix(20)) }.flatMap { (0...1 << 50).contains($0) ? $0 : nil }
        }
        func window(_ prefix: String) -> Window? {
            guard let remaining = number("\(prefix)-remaining"), let reset = number("\(prefix)-reset") else {
                return nil
            }
            return Window(
                limit: number("\(prefix)-limit") ?? remaining, remaining: remaining,
                reset: Int64(reset) * 1_000)
        }
        self.window = window("x-rate-limit")
        day = [window("x-app-limit-24hour"), window("x-user-limit-24hour")].compactMap { $0 }
            .min { $0.remaining < $1.remaining }
        retryAfter = number("retry-after").map { Int64($0) * 1_000 }
        contentType = value("content-type").map { type in
            type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        }
        requestID = value("x-request-id").map { id in
            String(
                id.unicodeScalars.lazy.filter { (0x21...0x7E).contains($0.value) }.map(Character.init).prefix(
                    64))
        }
    }

    /// Whether the body claims to be JSON. A proxy's page says otherwise.
    public var saysJSON: Bool {
        guard let contentType else { return false }
        return contentType == "application/json" || contentType.hasSuffix("+json")
    }
}
