// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Which files go: those unused for too long, and the longest unused while there is too much in all. What nobody names
/// goes first, and soon.
public struct BlobRetention: Sendable {
    /// A file that may go.
    private struct Candidate {
        var hash: Bytes32
        var size: Int64
        var lastUsed: Int64
        var isNamed: Bool

        static func goesBefore(_ a: Candidate, _ b: Candidate) -> Bool {
            if a.isNamed != b.isNamed { return b.isNamed }
            return a.lastUsed == b.lastUsed ? a.hash < b.hash : a.lastUsed < b.lastUsed
        }
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

    /// Takes note of a file.
    ///
    /// - Parameters:
    ///   - isNamed: whether a mirrored post shows it.
    ///   - isFree: whether nobody has a right to it.
    public mutating func add(
        _ hash: Bytes32, size: Int64, lastUsed: Int64, isNamed: Bool = true, isFree: Bool
    ) {
        total += size
        guard isFree else { return }
        candidates.append(Candidate(hash: hash, size: size, lastUsed: lastUsed, isNamed: isNamed))
        if candidates.count >= 2 * max(1, limits.tidiedPerRound) { shorten() }
    }

    /// What goes now, the longest unused first; at most ``MediaLimits/tidiedPerRound``.
    public mutating func chosen() -> [Bytes32] {
        shorten()
        var (left, chosen) = (total, [Bytes32]())
        for candidate in candidates {
            let isTooMuch = limits.maxTotalBytes.map { left > $0 } ?? false
            guard isTooMuch || isOld(candidate) else { continue }
            chosen.append(candidate.hash)
            left -= candidate.size
        }
        return chosen
    }

    private func isOld(_ candidate: Candidate) -> Bool {
        let kept = limits.keptSeconds ?? .max
        let span = candidate.isNamed ? kept : min(kept, limits.unnamedSeconds)
        return span < now && candidate.lastUsed < now - span
    }

    private mutating func shorten() {
        candidates.sort(by: Candidate.goesBefore)
        candidates.removeLast(max(0, candidates.count - max(1, limits.tidiedPerRound)))
    }
}
