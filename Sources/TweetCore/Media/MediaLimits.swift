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
    /// **Milliseconds** that a post waits for its media before it is mirrored without those that are missing.
    public var patience: Int64 = 3_600_000
    /// Files brought to Blossom servers at once.
    public var uploadsAtOnce = 3
    /// **Seconds** that files are kept after they were fetched or last asked for; `nil` for ever.
    public var keptSeconds: Int64?
    /// **Bytes** of all files together beyond which the longest unused go; `nil` for any number.
    public var maxTotalBytes: Int64?
    /// **Seconds** that files are kept which no mirrored post shows any more, since they were last asked for.
    public var unnamedSeconds: Int64 = 3_600
    /// **Milliseconds** between two rounds of tidying up, and between two searches for files that nothing knows of.
    public var tidyInterval: Int64 = 3_600_000
    public var searchInterval: Int64 = 86_400_000
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
