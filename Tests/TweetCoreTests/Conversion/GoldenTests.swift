// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import Testing
import TweetCore

@Suite struct GoldenTests {
    /// Writes the files anew; a run that does so fails, so that nobody overlooks it.
    private static let writes = ProcessInfo.processInfo.environment["ROOKERY_WRITE_GOLDEN"] == "1"

    @Test(arguments: GoldenCase.all.map(\.name))
    func `a post becomes the events that are written down`(name: String) throws {
        let golden = try #require(GoldenCase.all.first { $0.name == name })
        let made = try golden.file()
        if Self.writes {
            try Data(made.utf8).write(to: golden.path)
            Issue.record("\(name) was written anew: look at what changed, and run again without the variable")
            return
        }
        #expect(try String(contentsOf: golden.path, encoding: .utf8) == made)
    }

    @Test(arguments: GoldenCase.all.map(\.name))
    func `a post read from a file becomes them too`(name: String) throws {
        let golden = try #require(GoldenCase.all.first { $0.name == name })
        let file = try JSONDecoder().decode(GoldenCase.File.self, from: Data(contentsOf: golden.path))
        #expect(file.snapshot == golden.snapshot)
        #expect(file.settings == golden.settings)
        #expect(try golden.events(of: file.snapshot).map(\.id.hex) == file.events.map(\.id))
    }

    @Test func `every file is that of a case`() throws {
        let folder = try #require(GoldenCase.all.first).path.deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(files) == Set(GoldenCase.all.map { $0.name + ".json" }))
    }
}

extension GoldenCase {
    static let all = try! texts() + media() + threads() + quotes() + reposts() + edits() + nostrweet()
}
