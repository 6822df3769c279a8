// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RepositoryRules

/// One entry as it is kept in the store: a letter for the list and the subject make the key, the reason is the value.
enum ModerationRow: Hashable {
    case bannedPubkey(PublicKey)
    case allowedPubkey(PublicKey)
    case bannedEvent(EventID)
    case allowedEvent(EventID)
    case bannedKind(Kind)
    case allowedKind(Kind)
    case blockedAddress(AddressPrefix)
    case bannedRepository(ArchivePattern)
    case allowedRepository(ArchivePattern)
    case name, description, icon

    private var parts: (letter: Character, subject: String) {
        switch self {
        case .bannedPubkey(let key): ("p", key.hex)
        case .allowedPubkey(let key): ("P", key.hex)
        case .bannedEvent(let id): ("e", id.hex)
        case .allowedEvent(let id): ("E", id.hex)
        case .bannedKind(let kind): ("k", kind.description)
        case .allowedKind(let kind): ("K", kind.description)
        case .blockedAddress(let prefix): ("a", prefix.description)
        case .bannedRepository(let pattern): ("r", pattern.description)
        case .allowedRepository(let pattern): ("R", pattern.description)
        case .name: ("n", "name")
        case .description: ("n", "description")
        case .icon: ("n", "icon")
        }
    }

    var key: [UInt8] { Array("\(parts.letter)\(parts.subject)".utf8) }

    /// - Returns: `nil` for a key that this version does not write.
    init?(key: [UInt8]) {
        guard let letter = key.first, let subject = String(validating: key.dropFirst(), as: UTF8.self)
        else { return nil }
        let found: ModerationRow? =
            switch Character(UnicodeScalar(letter)) {
            case "p": PublicKey(hex: subject).map { .bannedPubkey($0) }
            case "P": PublicKey(hex: subject).map { .allowedPubkey($0) }
            case "e": EventID(hex: subject).map { .bannedEvent($0) }
            case "E": EventID(hex: subject).map { .allowedEvent($0) }
            case "k": UInt16(subject).map { .bannedKind(Kind($0)) }
            case "K": UInt16(subject).map { .allowedKind(Kind($0)) }
            case "a": AddressPrefix(subject).map { .blockedAddress($0) }
            case "r": ArchivePattern(subject).map { .bannedRepository($0) }
            case "R": ArchivePattern(subject).map { .allowedRepository($0) }
            case "n": ["name": .name, "description": .description, "icon": .icon][subject]
            default: nil
            }
        guard let found else { return nil }
        self = found
    }

    func write(_ reason: String?) -> SideWrite {
        SideWrite(Moderation.table, key: key, value: reason.map { Array($0.utf8) })
    }
}

extension ModerationSheet {
    /// Enters or, without a reason, takes out one row.
    mutating func set(_ row: ModerationRow, _ reason: String?) {
        switch row {
        case .bannedPubkey(let key): bannedPubkeys[key] = reason
        case .allowedPubkey(let key): allowedPubkeys[key] = reason
        case .bannedEvent(let id): bannedEvents[id] = reason
        case .allowedEvent(let id): allowedEvents[id] = reason
        case .bannedKind(let kind):
            if reason == nil { bannedKinds.remove(kind) } else { bannedKinds.insert(kind) }
        case .allowedKind(let kind):
            if reason == nil { allowedKinds.remove(kind) } else { allowedKinds.insert(kind) }
        case .blockedAddress(let prefix): blockedAddresses[prefix] = reason
        case .bannedRepository(let pattern): bannedRepositories[pattern] = reason
        case .allowedRepository(let pattern): allowedRepositories[pattern] = reason
        case .name: information.name = reason
        case .description: information.description = reason
        case .icon: information.icon = reason
        }
    }

    /// Whether a row is here.
    func has(_ row: ModerationRow) -> Bool {
        switch row {
        case .bannedPubkey(let key): bannedPubkeys[key] != nil
        case .allowedPubkey(let key): allowedPubkeys[key] != nil
        case .bannedEvent(let id): bannedEvents[id] != nil
        case .allowedEvent(let id): allowedEvents[id] != nil
        case .bannedKind(let kind): bannedKinds.contains(kind)
        case .allowedKind(let kind): allowedKinds.contains(kind)
        case .blockedAddress(let prefix): blockedAddresses[prefix] != nil
        case .bannedRepository(let pattern): bannedRepositories[pattern] != nil
        case .allowedRepository(let pattern): allowedRepositories[pattern] != nil
        case .name: information.name != nil
        case .description: information.description != nil
        case .icon: information.icon != nil
        }
    }
}

extension ModerationChange {
    /// What is entered, with the reason; what is taken out; and what may not be taken out where the configuration has it.
    var rows: (enter: (row: ModerationRow, reason: String)?, takeOut: [ModerationRow]) {
        switch self {
        case .banPubkey(let key, let reason): ((.bannedPubkey(key), reason), [.allowedPubkey(key)])
        case .unbanPubkey(let key): (nil, [.bannedPubkey(key)])
        case .allowPubkey(let key, let reason): ((.allowedPubkey(key), reason), [.bannedPubkey(key)])
        case .unallowPubkey(let key): (nil, [.allowedPubkey(key)])
        case .banEvent(let id, let reason): ((.bannedEvent(id), reason), [.allowedEvent(id)])
        case .unbanEvent(let id): (nil, [.bannedEvent(id)])
        case .allowEvent(let id, let reason): ((.allowedEvent(id), reason), [.bannedEvent(id)])
        case .unallowEvent(let id): (nil, [.allowedEvent(id)])
        case .banKind(let kind): ((.bannedKind(kind), ""), [.allowedKind(kind)])
        case .unbanKind(let kind): (nil, [.bannedKind(kind)])
        case .allowKind(let kind): ((.allowedKind(kind), ""), [.bannedKind(kind)])
        case .unallowKind(let kind): (nil, [.allowedKind(kind)])
        case .blockAddress(let prefix, let reason): ((.blockedAddress(prefix), reason), [])
        case .unblockAddress(let prefix): (nil, [.blockedAddress(prefix)])
        case .allowRepository(let pattern, let reason):
            ((.allowedRepository(pattern), reason), [.bannedRepository(pattern)])
        case .unallowRepository(let pattern): (nil, [.allowedRepository(pattern)])
        case .banRepository(let pattern, let reason):
            ((.bannedRepository(pattern), reason), [.allowedRepository(pattern)])
        case .unbanRepository(let pattern): (nil, [.bannedRepository(pattern)])
        case .changeName(let text): Self.information(.name, text)
        case .changeDescription(let text): Self.information(.description, text)
        case .changeIcon(let text): Self.information(.icon, text)
        }
    }

    private static func information(
        _ row: ModerationRow, _ text: String?
    ) -> (enter: (row: ModerationRow, reason: String)?, takeOut: [ModerationRow]) {
        text.map { ((row, $0), []) } ?? (nil, [row])
    }
}
