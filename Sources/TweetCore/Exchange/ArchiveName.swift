// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a file of an older daemon is, by its name. What is in it has the last word.
///
/// ```
/// 20230101_120000_bob_1234.json        a post          tweet_1234.not_found, 1234.not_found   a post that is gone
/// 20230101_120000_bob_profile.json     an account      event_<id>.json, <id>.json             an event
/// 20230101120000_bob_44196397.json     an account      1234.json                              how a post was sent
/// bob_1234_1.jpg, bob_<media key>.mp4  a medium
/// ```
public enum ArchiveName: Hashable, Sendable {
    case post(PostID)
    case profile
    case gone(PostID)
    /// 64 hexadecimal digits.
    case event(String)
    /// A post with the event that it became.
    case sent(PostID)
    /// The how manieth medium of a post, from 1.
    case medium(of: PostID, Int)
    /// A medium by its key.
    case keyedMedium(String)

    /// - Parameter name: without its directory. `nil` for a file that means nothing to us.
    public init?(_ name: String) {
        guard let dot = name.lastIndex(of: "."), name.utf8.count <= 255 else { return nil }
        let stem = name[..<dot]
        switch name[name.index(after: dot)...].lowercased() {
        case "not_found":
            guard let id = PostID(stem.hasPrefix("tweet_") ? stem.dropFirst(6) : stem) else { return nil }
            self = .gone(id)
        case "json": self.init(document: stem)
        case "jpg", "jpeg", "png", "gif", "webp", "mp4", "mov", "m4v": self.init(medium: stem)
        default: return nil
        }
    }

    private init?(document stem: Substring) {
        if let id = PostID(stem) {
            self = .sent(id)
            return
        }
        let event = stem.hasPrefix("event_") ? stem.dropFirst(6) : stem
        if event.utf8.count == 64, event.utf8.allSatisfy(\.isHexDigit) {
            self = .event(event.lowercased())
            return
        }
        let words = stem.split(separator: "_", omittingEmptySubsequences: false)
        guard words.count >= 3, let last = words.last else { return nil }
        if words[0].utf8.count == 14, words[0].utf8.allSatisfy(\.isDigit) {
            // The date of a profile has no underscore; the number at its end is the account's, never a post's.
            guard last == "profile" || UserID(last) != nil else { return nil }
            self = .profile
            return
        }
        guard words.count >= 4, words[0].utf8.count == 8, words[1].utf8.count == 6,
            (words[0] + words[1]).utf8.allSatisfy(\.isDigit)
        else { return nil }
        if last == "profile" {
            self = .profile
        } else if let id = PostID(last) {
            self = .post(id)
        } else {
            return nil
        }
    }

    private init?(medium stem: Substring) {
        let words = stem.split(separator: "_", omittingEmptySubsequences: false)
        guard words.count >= 2, let last = words.last, let number = PostID(last) else { return nil }
        let before = words.count >= 3 ? words[words.count - 2] : ""
        if last.utf8.count <= 2, before.utf8.count >= 5, let post = PostID(before) {
            self = .medium(of: post, Int(number.number))
        } else if last.utf8.count >= 5 {
            let family = before.utf8.count <= 2 && PostID(before) != nil ? before : "3"
            self = .keyedMedium("\(family)_\(last)")
        } else {
            return nil
        }
    }

    // MARK: Writing

    /// - Parameters:
    ///   - name: a handle, or a number where there is none.
    ///   - moment: **milliseconds** since 1970.
    public static func file(ofPost id: PostID, by name: String, at moment: Int64) -> String {
        "\(UTCMoment.compact(moment))_\(name)_\(id).json"
    }
    public static func file(ofProfile name: String, at moment: Int64) -> String {
        "\(UTCMoment.compact(moment))_\(name)_profile.json"
    }
    public static func file(ofGone id: PostID) -> String { "tweet_\(id).not_found" }
    public static func file(ofEvent id: String) -> String { "event_\(id).json" }
    public static func file(ofMedium number: Int, of id: PostID, by name: String, extension: String) -> String
    {
        "\(name)_\(id)_\(number).\(`extension`)"
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (48...57).contains(self) }
    fileprivate var isHexDigit: Bool { isDigit || (65...70).contains(self) || (97...102).contains(self) }
}
