// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore

/// How often each address was dialled and how many connections it has: whoever names many relays that live at one
/// address must not aim this program at it.
///
/// One address is what one customer has at the least: see ``AddressKey``. An address that only the operator's consent
/// opens (a private one) counts by itself and by its port, and its dials are not counted: there is no stranger to
/// protect behind it, and a test's whole world may live there.
final class AddressLedger: Sendable {
    /// What a connection is for; the two are counted apart, so that reading about a relay never keeps it from being
    /// dialled.
    enum Use: Hashable, Sendable { case conversation, document }

    private struct Key: Hashable {
        let place: Place
        let use: Use
    }

    private enum Place: Hashable {
        case network(AddressKey)
        case port(IPAddress, Int)
    }

    private struct Entry {
        var open = 0
        /// The moments of the dials within the window, oldest first.
        var dials: [NIODeadline] = []
    }

    private let connectionsMax: Int
    private let dialsMax: Int
    private let window: TimeAmount
    private let entries = NIOLockedValueBox<[Key: Entry]>([:])
    /// Beyond so many addresses, those that are forgotten anyway are swept out.
    private static let sweepAbove = 4096

    init(_ options: DialOptions) {
        connectionsMax = options.connectionsPerAddress
        dialsMax = options.dialsPerAddress
        window = options.dialWindow
    }

    /// Counts a dial to an address, if it may have one more now.
    ///
    /// - Returns: `false` when not; else ``release(_:_:)`` must follow once.
    func admit(_ address: SocketAddress, _ use: Use, at now: NIODeadline) -> Bool {
        guard let (key, countsDials) = key(address, use) else { return true }
        return entries.withLockedValue { entries in
            if entries.count > Self.sweepAbove { sweep(&entries, at: now) }
            var entry = entries[key] ?? Entry()
            entry.dials.removeAll { $0 + window <= now }
            guard entry.open < connectionsMax, entry.dials.count < dialsMax else { return false }
            entry.open += 1
            if countsDials { entry.dials.append(now) }
            entries[key] = entry
            return true
        }
    }

    /// The connection, or the attempt at one, is over.
    func release(_ address: SocketAddress, _ use: Use) {
        guard let (key, countsDials) = key(address, use) else { return }
        entries.withLockedValue { entries in
            entries[key]?.open -= 1
            if !countsDials, entries[key]?.open == 0 { entries[key] = nil }
        }
    }

    /// Addresses remembered now.
    var count: Int { entries.withLockedValue { $0.count } }

    private func sweep(_ entries: inout [Key: Entry], at now: NIODeadline) {
        entries = entries.filter { _, entry in
            entry.open > 0 || entry.dials.last.map { $0 + window > now } ?? false
        }
    }

    private func key(_ address: SocketAddress, _ use: Use) -> (Key, countsDials: Bool)? {
        guard var ip = IPAddress(address) else { return nil }
        let isGlobal = AddressClass(address) == .global
        if isGlobal { return (Key(place: .network(AddressKey(address)), use: use), true) }
        // A mapped address is the IPv4 address that it carries.
        if case .v6(0, let low) = ip, low >> 32 == 0xFFFF { ip = .v4(UInt32(truncatingIfNeeded: low)) }
        return (Key(place: .port(ip, address.port ?? 0), use: use), false)
    }
}
