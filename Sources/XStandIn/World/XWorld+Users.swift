// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// Makes an account.
    ///
    /// - Parameters:
    ///   - id: its number; made from the clock if nil. Old accounts have small numbers.
    /// - Throws: ``XRefusal/notAHandle``, ``XRefusal/handleTaken`` (also for an id that is taken), ``XRefusal/full``.
    @discardableResult
    public mutating func addUser(
        _ username: String, name: String? = nil, id: XUserID? = nil, createdAt: XInstant? = nil
    ) throws(XRefusal) -> XUserID {
        guard isHandle(username) else { throw .notAHandle }
        guard handles[username.lowercased()] == nil else { throw .handleTaken }
        guard users.count < limits.users else { throw .full }
        let number = id ?? makeID()
        guard users[number] == nil else { throw .handleTaken }
        users[number] = XUser(
            id: number, username: username, name: name ?? username, createdAt: createdAt ?? now)
        handles[username.lowercased()] = number
        return number
    }

    /// Changes an account and tells the activity stream what is different.
    public mutating func change(_ user: XUserID, _ change: (inout XUser) -> Void) throws(XRefusal) {
        guard let before = users[user] else { throw .noSuchUser }
        var after = before
        change(&after)
        if after.website != before.website { after.websiteCode = after.website.map { shorten($0) } }
        users[user] = after
        announceChanges(from: before, to: after)
    }

    /// Gives an account another handle. The old one is free from now on.
    public mutating func rename(_ user: XUserID, to username: String) throws(XRefusal) {
        guard let before = users[user] else { throw .noSuchUser }
        guard isHandle(username) else { throw .notAHandle }
        let key = username.lowercased()
        guard handles[key] == nil || handles[key] == user else { throw .handleTaken }
        handles[before.username.lowercased()] = nil
        handles[key] = user
        users[user]?.username = username
        announceChange("profile.update.handle", of: user, from: before.username, to: username)
    }

    /// Suspends an account, lets it go, or takes it back. A handle that was let go can be taken by somebody else;
    /// then the account comes back without one, and ``rename(_:to:)`` is to give it another first.
    public mutating func setStanding(_ standing: XUser.Standing, of user: XUserID) throws(XRefusal) {
        guard let before = users[user] else { throw .noSuchUser }
        let key = before.username.lowercased()
        if standing == .deactivated {
            if handles[key] == user { handles[key] = nil }
        } else if before.standing == .deactivated {
            guard handles[key] == nil || handles[key] == user else { throw .handleTaken }
            handles[key] = user
        }
        users[user]?.standing = standing
    }

    /// Who has a handle now.
    public func user(named username: String) -> XUser? {
        handles[username.lowercased()].flatMap { users[$0] }
    }
}

/// Whether X takes a text for a handle: `^[A-Za-z0-9_]{1,15}$`.
func isHandle(_ text: some StringProtocol) -> Bool {
    (1...15).contains(text.utf8.count) && text.utf8.allSatisfy(isHandleByte)
}

func isHandleByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
    default: false
    }
}
