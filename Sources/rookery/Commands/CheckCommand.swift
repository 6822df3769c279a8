// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "check")
    func run() async throws {}
}
