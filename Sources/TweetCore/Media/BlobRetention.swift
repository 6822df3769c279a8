// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Which files go: those unused for too long, and the longest unused while there is too much in all.
public struct BlobRetention: Sendable {
    /// A file that may go.
    private struct Candidate {
        var hash: Bytes32
        var size: Int64
        var lastUsed: Int64
    }

    private let limits: MediaLimits
    /// **Seconds** since 1970.
    private let now: Int64
    private var candidates: [Candidate] = []
    /// **Bytes** of what was seen.
    private var total: Int64 = 0

    public init(_ limits: MediaLimits, at now: Int64) {
        self.limits = limits
        self.now = now
    }

    /// Whether there is anything to decide.
    public static func isOn(_ limits: MediaLimits) -> Bool {
        limits.keptSeconds != nil || limits.maxTotalBytes != nil
    }

    /// Takes note of a file.
    ///
    /// - Parameter isFree: whether nobody has a right to it.
    public mutating func add(_ hash: Bytes32, size: Int64, lastUsed: Int64, isFree: Bool) {
        total += size
        guard isFree else { return }
        candidates.append(Candidate(hash: hash, size: size, lastUsed: lastUsed))
        if candidates.count >= 2 * max(1, limits.tidiedPerRound) { shorten() }
    }

    /// What goes now, the longest unused first; at most ``MediaLimits/tidiedPerRound``.
    public mutating func chosen() -> [Bytes32] {
        shorten()
        var (left, chosen) = (total, [Bytes32]())
        for candidate in candidates {
            let isOld = limits.keptSeconds.map { candidate.lastUsed < now - $0 } ?? false
            let isTooMuch = limits.maxTotalBytes.map { left > $0 } ?? false
            guard isOld || isTooMuch else { break }
            chosen.append(candidate.hash)
            left -= candidate.size
        }
        return chosen
    }

    private mutating func shorten() {
        candidates.sort { $0.lastUsed == $1.lastUsed ? $0.hash < $1.hash : $0.lastUsed < $1.lastUsed }
        candidates.removeLast(max(0, candidates.count - max(1, limits.tidiedPerRound)))
    }
}
