// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// A file that lives as long as its value.
final class TemporaryFile: Sendable {
    let path: String

    init(_ text: String) throws {
        path =
            FileManager.default.temporaryDirectory.appending(path: "rookery-\(UUID().uuidString).toml").path
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
