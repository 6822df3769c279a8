// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Told what happens at the one door, on its threads: it must only count.
public protocol IngestObserver: Sendable {
    /// A submission was answered, so long after it came in.
    func answered(_ verdicts: [Verdict], from source: IngestSource, after latency: Duration)
    /// Signatures were checked; known events cost none.
    func verified(signatures: Int)
    /// A transaction of the writer ended, fsync included.
    func wrote(events: Int, bytes: Int, in time: Duration, failed: Bool)
}

/// Counts nothing.
public struct SilentObserver: IngestObserver {
    public init() {}
    public func answered(_ verdicts: [Verdict], from source: IngestSource, after latency: Duration) {}
    public func verified(signatures: Int) {}
    public func wrote(events: Int, bytes: Int, in time: Duration, failed: Bool) {}
}
