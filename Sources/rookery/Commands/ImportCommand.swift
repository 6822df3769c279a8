// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "import")
    func run() async throws {}
}
