// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// The Python that runs the peers written by others.
public enum Python {
    /// It is not there, or lacks a module.
    public struct Missing: Error, CustomStringConvertible {
        /// One sentence for whoever reads the test's output.
        public let description: String
    }

    /// The package's own directory.
    public static let packageDirectory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// `.build-venv/bin/python3`, which `scripts/test.sh` makes, else the `python3` of the path.
    ///
    /// - Throws: ``Missing`` when there is neither.
    public static func path() throws -> String {
        let search = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        let candidates =
            ["\(packageDirectory)/.build-venv/bin/python3"] + search.map { "\($0)/python3" }
        guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
            throw Missing(description: "python3 is missing: scripts/test.sh installs it")
        }
        return found
    }
}
