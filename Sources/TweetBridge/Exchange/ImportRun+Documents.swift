// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

extension ImportRun {
    mutating func readDocument(
        _ bytes: [UInt8], of collection: TrackerDocument.Collection, at place: String
    ) async throws(ExchangeError) {
        let document = parsed(place) { () throws(ReadingError) in
            try TrackerDocument(reading: bytes, of: collection)
        }
        switch document {
        case .post(let post): try await add(post, at: place)
        case .user(let user): try await add(user)
        case .media(let medium): try await add(medium, at: place)
        case .state(let key, let value): try await remember(key, value, at: place)
        case .account(let handle, let id, let isActive): try await add(handle, id, isActive)
        case nil: break
        }
    }

    private mutating func add(_ medium: Media, at place: String) async throws(ExchangeError) {
        guard (1...200).contains(medium.key.utf8.count) else {
            return report.damage(place, "a medium's key has 1 to 200 bytes")
        }
        let row = try storing { () throws(BridgeStoreError) in try store.media(medium.key) }
        guard row == nil else {
            report.known += 1
            return
        }
        media.append(medium)
        if media.count >= limits.batch { try await flush() }
    }

    /// An account that is followed. One that is here already stays as it is.
    private mutating func add(_ handle: String, _ id: UserID, _ isActive: Bool) async throws(ExchangeError) {
        guard options.addsAccounts else {
            report.ignored += 1
            return
        }
        // Its profile may still wait.
        try await flush()
        let (row, known) = try storing { () throws(BridgeStoreError) in
            (try store.account(id), try store.user(id)?.user)
        }
        guard row == nil else {
            report.known += 1
            return
        }
        let user = known ?? User(id: id, handle: handle, name: handle)
        try await storing { () async throws(BridgeStoreError) in
            _ = try await store.addAccount(user) { row in
                row.isActive = isActive
                row.disabledBecause = isActive ? nil : "switched off where it was imported from"
            }
        }
        accounts[id] = PostID(0)
        report.count(.accounts)
    }

    /// Cursors, and when quotes were last looked for; what else was remembered means nothing here.
    private mutating func remember(
        _ key: String, _ value: String, at place: String
    ) async throws(ExchangeError) {
        if key.hasPrefix("since_id:") {
            guard let since = PostID(value) else {
                return report.damage(place, "a cursor is the number of a post")
            }
            guard key.utf8.count <= 200, let scope = FetchScope(trackerKey: key) else {
                return report.damage(place, "a cursor of no list that is known")
            }
            guard options.movesCursors else { return report.ignored += 1 }
            let before = report[.cursors]
            try await move(scope, to: since)
            if report[.cursors] == before { report.known += 1 }
            return
        }
        let name = StateKey(key)
        guard key.hasPrefix("quote_checked:"), PostID(key.dropFirst(14)) != nil, value.utf8.count <= 100
        else {
            return report.ignored += 1
        }
        let row = try storing { () throws(BridgeStoreError) in try store.remembered(name) }
        guard row == nil else { return report.known += 1 }
        try await storing { () async throws(BridgeStoreError) in try await store.remember(name, value) }
        report.count(.values)
    }
}

extension FetchScope {
    /// The tracker has one search for all, `since_id:combined`, and by instance `since_id:combined:instance1`.
    init?(trackerKey key: String) {
        let text = key.dropFirst("since_id:".count)
        if text == "combined" || text.hasPrefix("combined:") {
            self = .search(String(text))
        } else {
            self.init(String(text))
        }
    }

    /// As the tracker names it.
    var trackerKey: String {
        if isOfOlderSystem, case .search(let key) = self { return "since_id:\(key)" }
        return "since_id:\(text)"
    }

    /// Whether it is the tracker's one search for all; nobody reads it here.
    var isOfOlderSystem: Bool {
        guard case .search(let key) = self else { return false }
        return key == "combined" || key.hasPrefix("combined:")
    }
}
