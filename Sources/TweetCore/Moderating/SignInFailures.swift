// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where failed attempts to sign in came from. Tokens cannot be guessed: this only keeps a log and a processor quiet.
public struct SignInFailures<Address: Hashable & Sendable>: Sendable {
    /// Attempts from one address within ``span``.
    public let most: Int
    /// **Milliseconds** that a failure counts.
    public let span: Int64
    /// Addresses remembered; beyond them the one whose failures began first is forgotten.
    public let addresses: Int
    private var failures: [Address: (count: Int, since: Int64)] = [:]

    public init(most: Int = 10, span: Int64 = 600_000, addresses: Int = 1_024) {
        (self.most, self.span, self.addresses) = (most, span, addresses)
    }

    /// How long an address waits before it may try again, in **milliseconds**; `nil`: it may now.
    public func wait(of address: Address, at now: Int64) -> Int64? {
        guard let (count, since) = failures[address], count >= most, now - since < span else { return nil }
        return span - (now - since)
    }

    /// An attempt has failed. **Milliseconds** since 1970.
    public mutating func add(_ address: Address, at now: Int64) {
        if let (count, since) = failures[address], now - since < span {
            failures[address] = (count + 1, since)
            return
        }
        failures = failures.filter { now - $0.value.since < span }
        if failures.count >= addresses,
            let oldest = failures.min(by: { $0.value.since < $1.value.since })
        {
            failures[oldest.key] = nil
        }
        failures[address] = (1, now)
    }
}
