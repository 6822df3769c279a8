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
///
/// Anybody can make a name lead to somebody else's address, and so take the places there. What is dialled over TLS
/// is counted apart from what is not, and a connection whose certificate holds the name gives its place up for one
/// of the more numerous certified ones: so no stranger's names keep a relay from being dialled that has one.
final class AddressLedger: Sendable {
    /// What a connection is for; the two are counted apart, so that reading about a relay never keeps it from being
    /// dialled.
    enum Use: Hashable, Sendable { case conversation, document }

    fileprivate struct Key: Hashable {
        let location: Location
        let use: Use
        let isSecure: Bool
        var isCertified = false
    }

    fileprivate enum Location: Hashable {
        case network(AddressKey)
        case port(IPAddress, Int)
    }

    private struct Entry {
        var open = 0
        /// The moments of the dials within the window, oldest first.
        var dials: [NIODeadline] = []
    }

    private let connectionsMax: Int
    private let certifiedMax: Int
    private let dialsMax: Int
    private let window: TimeAmount
    private let entries = NIOLockedValueBox<[Key: Entry]>([:])
    /// Beyond so many addresses, those that are forgotten anyway are swept out.
    private static let sweepAbove = 4096

    init(_ options: DialOptions) {
        connectionsMax = options.connectionsPerAddress
        certifiedMax = options.certifiedConnectionsPerAddress
        dialsMax = options.dialsPerAddress
        window = options.dialWindow
    }

    /// Counts a dial to an address, if it may have one more now.
    ///
    /// - Returns: `nil` when not; else what must be released once.
    func admit(
        _ address: SocketAddress, _ use: Use, isSecure: Bool = false, at now: NIODeadline
    ) -> AddressPlace? {
        guard let location = Self.location(of: address) else { return AddressPlace(nil, in: self) }
        let key = Key(location: location, use: use, isSecure: isSecure)
        return entries.withLockedValue { entries in
            if entries.count > Self.sweepAbove { sweep(&entries, at: now) }
            var entry = entries[key] ?? Entry()
            entry.dials.removeAll { $0 + window <= now }
            guard entry.open < connectionsMax, entry.dials.count < dialsMax else { return nil }
            entry.open += 1
            if case .network = location { entry.dials.append(now) }
            entries[key] = entry
            return AddressPlace(key, in: self)
        }
    }

    /// - Returns: the certified place, if one is free; else the one that is held already.
    fileprivate func certify(_ key: Key) -> Key {
        var certified = key
        certified.isCertified = true
        return entries.withLockedValue { entries in
            guard !key.isCertified, entries[certified]?.open ?? 0 < certifiedMax else { return key }
            entries[certified, default: Entry()].open += 1
            entries[key]?.open -= 1
            return certified
        }
    }

    fileprivate func release(_ key: Key) {
        entries.withLockedValue { entries in
            entries[key]?.open -= 1
            if entries[key]?.open == 0, entries[key]?.dials.isEmpty == true { entries[key] = nil }
        }
    }

    /// Addresses remembered now.
    var count: Int { entries.withLockedValue { $0.count } }

    private func sweep(_ entries: inout [Key: Entry], at now: NIODeadline) {
        entries = entries.filter { _, entry in
            entry.open > 0 || entry.dials.last.map { $0 + window > now } ?? false
        }
    }

    /// - Returns: `nil` for what is no address of a network: it is not counted.
    private static func location(of address: SocketAddress) -> Location? {
        guard var ip = IPAddress(address) else { return nil }
        if AddressClass(address) == .global { return .network(AddressKey(address)) }
        // A mapped address is the IPv4 address that it carries.
        if case .v6(0, let low) = ip, low >> 32 == 0xFFFF { ip = .v4(UInt32(truncatingIfNeeded: low)) }
        return .port(ip, address.port ?? 0)
    }
}

/// What one connection, or the attempt at one, takes of an address.
final class AddressPlace: Sendable {
    private let ledger: AddressLedger
    private let key: NIOLockedValueBox<AddressLedger.Key?>

    fileprivate init(_ key: AddressLedger.Key?, in ledger: AddressLedger) {
        self.ledger = ledger
        self.key = NIOLockedValueBox(key)
    }

    /// The server has shown a certificate for the name that was dialled.
    func certify() { key.withLockedValue { key in key = key.map(ledger.certify) } }

    /// The connection, or the attempt at one, is over.
    func release() {
        if let key = key.withLockedValue({ $0.take() }) { ledger.release(key) }
    }
}
