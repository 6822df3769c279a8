// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport

/// The libraries `websockets` and `aiohttp` of Python: peers written by others.
enum PythonPeer {
    /// Whether there is one here; said once, in the tests' conditions.
    static let isInstalled: Bool = {
        guard let python = try? Python.path() else { return false }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", "import aiohttp, websockets"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    static let missing =
        "python3 with the packages websockets and aiohttp is missing: scripts/setup.sh --for-tests installs it"

    /// Starts a program of a few lines.
    static func start(_ program: String, _ arguments: String...) throws -> ChildProcess {
        try ChildProcess(Python.path(), ["-u", "-c", program] + arguments)
    }
}
