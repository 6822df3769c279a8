// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What X's objects are made of. An id that is there and is none is an error; anything else that is odd is left out.
extension JSONValue {
    /// The number of a post, as a string or as a number.
    func postID() throws(ReadingError) -> PostID {
        guard let text = spelt, let id = PostID(text) else { throw isWrong }
        return id
    }

    func userID() throws(ReadingError) -> UserID {
        guard let text = spelt, let id = UserID(text) else { throw isWrong }
        return id
    }

    /// The id of a post in a member that may be absent.
    func postID(_ older: StaticString, _ newer: StaticString) throws(ReadingError) -> PostID? {
        guard let member = self[older, newer] else { return nil }
        return try member.postID()
    }

    func userID(_ name: StaticString) throws(ReadingError) -> UserID? {
        guard let member = self[name] else { return nil }
        return try member.userID()
    }

    /// A text that must be there.
    func required(_ name: StaticString) throws(ReadingError) -> String {
        guard let text = self[name]?.text else { throw missing(name) }
        return text
    }

    /// The error that says which member is missing here.
    func missing(_ name: StaticString) -> ReadingError {
        if let member = self[name] { return member.isWrong }
        let path = tree.path(of: index)
        return .wrong(at: path.isEmpty ? name.description : "\(path).\(name)")
    }

    func text(_ name: StaticString) -> String? { self[name]?.text }
    func integer(_ name: StaticString) -> Int? { self[name]?.integer }
    func flag(_ name: StaticString) -> Bool? { self[name]?.flag }
    func texts(_ name: StaticString) -> [String] { self[name]?.elements.compactMap(\.spelt) ?? [] }

    /// A moment in **milliseconds** since 1970.
    func moment(_ name: StaticString) -> Int64? { self[name]?.text.flatMap { UTCMoment.milliseconds($0) } }
}
