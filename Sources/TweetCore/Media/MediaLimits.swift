// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of fetching and keeping media.
public struct MediaLimits: Hashable, Sendable {
    /// **Bytes** of one file; X's films have up to 8 GiB, and are rarely longer than a few minutes.
    public var maxFileBytes: Int64 = 536_870_912
    /// Attempts at one medium before it is given up, until somebody asks for it again (`retry-failed`).
    public var maxAttempts = 3
    /// Attempts to bring a blob to one Blossom server.
    public var maxCopyAttempts = 20
    /// **Milliseconds** until the second attempt; each further one waits ``backoffFactor`` times as long.
    public var backoffBase: Int64 = 30_000
    public var backoffFactor: Int64 = 8
    /// **Milliseconds** that it waits at the most.
    public var backoffMax: Int64 = 3_600_000
    /// Redirects that are followed.
    public var maxRedirects = 4
    /// Files fetched at once.
    public var downloadsAtOnce = 3
    /// Hosts to which connections are kept while nothing is fetched from them.
    public var clientsKept = 8
    /// **Seconds** until a connection stands.
    public var connectSeconds: Int64 = 10
    /// **Seconds** without a byte.
    public var idleSeconds: Int64 = 30
    /// **Bytes** a second that a transfer has to have on the average after the first minute.
    public var slowestTransfer: Int64 = 16_384
    /// **Bytes** from which on a Blossom server is asked whether it has a file, and would take it, before it is sent there.
    public var askedFirst: Int64 = 1_048_576
    /// **Seconds** that files are kept after they were last named or asked for; `nil` for ever.
    public var keptSeconds: Int64?
    /// **Bytes** of all files together beyond which the longest unused go; `nil` for any number.
    public var maxTotalBytes: Int64?
    /// Whether files that mirrored posts name go, too, by these two rules.
    public var removesNamed = false
    /// Blobs that are read at once while tidying up, and those that one round removes at the most.
    public var tidiedAtOnce = 500
    public var tidiedPerRound = 10_000

    public init() {}

    /// **Milliseconds** from the given number of failures to the next attempt.
    func wait(after attempts: Int) -> Int64 {
        var wait = backoffBase
        for _ in 1..<max(1, attempts) where wait < backoffMax { wait *= max(1, backoffFactor) }
        return min(wait, backoffMax)
    }

    /// **Seconds** that a transfer of so many bytes may take.
    public func patience(for bytes: Int64) -> Int64 { 60 + bytes / max(1, slowestTransfer) }
}
