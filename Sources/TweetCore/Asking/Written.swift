// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What X says to a post that was made or removed.
public enum Written {
    /// The number of the post that was made.
    ///
    /// - Throws: ``ReadingError``.
    public static func made(reading body: [UInt8]) throws(ReadingError) -> PostID {
        let json = try JSONTree(body).root
        guard let id = json["data"]?["id"] else { throw .wrong(at: "data.id") }
        return try id.postID()
    }

    /// Whether it is gone.
    ///
    /// - Throws: ``ReadingError``.
    public static func removed(reading body: [UInt8]) throws(ReadingError) -> Bool {
        guard let flag = try JSONTree(body).root["data"]?.flag("deleted") else {
            throw .wrong(at: "data.deleted")
        }
        return flag
    }
}
