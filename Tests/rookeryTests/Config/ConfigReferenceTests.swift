// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Testing

@testable import rookery

@Suite struct ConfigReferenceTests {
    private static let page = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in
        url.deletingLastPathComponent()
    }.appending(path: "docs/reference/configuration.md")

    @Test func `the page of all keys is the one that the keys make`() throws {
        let isCurrent = try String(contentsOf: Self.page, encoding: .utf8) == ConfigReference.markdown
        #expect(
            isCurrent,
            "write it anew: .build/debug/rookery config reference > docs/reference/configuration.md")
    }

    @Test(arguments: ConfigKeys.all.map(\.path))
    func `every key says what it does and what it takes`(path: String) throws {
        let key = try #require(ConfigKeys.byPath[path])
        #expect(key.meaning.hasSuffix("."), "add .about(\"…\") to \(path)")
        #expect(key.kind == .flag || !key.bounds.isEmpty, "add .taking(\"…\") to \(path)")
        #expect(ConfigReference.markdown.contains("`\(ConfigEnvironment.variable(for: path))`"))
    }
}
