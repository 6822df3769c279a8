// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

/// Where the tests begin. As there is such a file, SwiftPM does not look for tests by itself, and so nothing has to be indexed for
/// it, which would take nearly half of the time that compiling takes.
@main
struct EntryPoint {
    static func main() async {
        // Of XCTest, which `swift test` asks for as well, there are no tests.
        guard CommandLine.arguments.contains("swift-testing") else { return }
        await Testing.__swiftPMEntryPoint() as Never
    }
}
