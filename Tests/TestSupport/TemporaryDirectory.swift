// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// A directory of a test's own, removed with everything in it when the value goes away.
public final class TemporaryDirectory: Sendable {
    /// Its absolute path, without a trailing slash.
    public let path: String

    /// Makes a fresh directory under the system's place for temporary files.
    public init(_ label: String = "rookery") throws {
        let base = FileManager.default.temporaryDirectory
        let directory = base.appendingPathComponent("\(label)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        path = directory.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` inside.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes `text` to `name` inside and returns its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    /// The text of `name` inside.
    public func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: file(name))), as: UTF8.self)
    }
}
