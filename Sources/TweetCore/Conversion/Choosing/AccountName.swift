// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An account as a configuration names it: by its handle, or by its number, which stays when the handle changes.
public enum AccountName: Hashable, Sendable, CustomStringConvertible {
    case handle(Handle)
    case number(UserID)

    /// - Parameter text: a handle with or without an `@`, or `id:` and a number: handles may be nothing but digits.
    public init?(_ text: some StringProtocol) {
        if text.hasPrefix("id:") {
            guard let id = UserID(text.dropFirst(3)) else { return nil }
            self = .number(id)
        } else {
            guard let handle = Handle(text) else { return nil }
            self = .handle(handle)
        }
    }

    public var description: String {
        switch self {
        case .handle(let handle): handle.text
        case .number(let id): "id:\(id)"
        }
    }
}

/// Whose posts are never shown: those whom the operator denies, and those who ask for it themselves.
public struct Refusals: Hashable, Sendable {
    public var denied: Set<AccountName>

    public init(denied: Set<AccountName> = []) { self.denied = denied }

    public func denies(_ id: UserID, handle: String?) -> Bool {
        if denied.contains(.number(id)) { return true }
        return handle.flatMap { Handle($0) }.map { denied.contains(.handle($0)) } ?? false
    }

    public func denies(_ user: User) -> Bool { denies(user.id, handle: user.handle) }
}

extension Snapshot {
    /// The post without what it shows of these people: they are named and linked, and nothing of theirs is told.
    public func without(_ isSilent: (Snapshot) -> Bool) -> Snapshot {
        var open = self
        open.referenced = referenced.filter { !isSilent($0) }.map { $0.without(isSilent) }
        return open
    }
}
