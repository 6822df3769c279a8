// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a receiver's answer means for a message.
public enum WebhookAnswer: Hashable, Sendable {
    case delivered
    case failed(RetryClass, String)

    /// - Parameters:
    ///   - retryAfter: the header, **seconds**; nothing beyond an hour is believed.
    ///   - now: **milliseconds** since 1970.
    public init(status: Int, retryAfter: String?, at now: Int64) {
        switch status {
        case 200..<300: self = .delivered
        case 300..<400: self = .failed(.permanent, "\(status): redirects are not followed")
        case 410: self = .failed(.permanent, "410: the receiver wants no more")
        case 429, 503:
            let seconds = retryAfter.flatMap { Int64($0) }.map { min(max($0, 0), 3_600) }
            self = .failed(seconds.map { .limited(until: now + $0 * 1_000) } ?? .transient, "\(status)")
        default: self = .failed(.transient, "\(status)")
        }
    }
}
