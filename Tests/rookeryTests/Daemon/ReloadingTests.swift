// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Ingest
import Logging
import NIOConcurrencyHelpers
import RepositoryRules
import Telemetry
import Testing

@testable import rookery

@Suite struct ReloadingTests {
    let file: TemporaryFile
    let output = LogOutput(level: .info, format: .text, sink: { _ in })
    let reloading: Reloading

    init() throws {
        file = try TemporaryFile("")
        let loader = ConfigLoader(file: file.path)
        reloading = Reloading(loader: loader, settings: try loader.load(), output: output)
    }

    private func write(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: file.path)) }

    @Test func `nothing changed is said`() throws {
        #expect(try reloading.reload() == ["nothing changed"])
    }

    @Test func `the level of the log changes at once`() throws {
        try write("log_level = \"debug\"")
        #expect(try reloading.reload() == ["log_level is now \"debug\""])
        #expect(output.level == .debug)
        #expect(try reloading.reload() == ["nothing changed"])
    }

    @Test func `who asked to be told is told what runs from now on`() throws {
        let told = NIOLockedValueBox<[[String]]>([])
        reloading.hooks.add { settings in
            told.withLockedValue { $0.append(settings.sync.archive.map(\.description)) }
        }
        #expect(try reloading.reload() == ["nothing changed"])
        try write("[sync]\narchive = [\"tools\"]\nstuck_after_s = 5")
        #expect(
            try reloading.reload() == ["sync.stuck_after_s is now 5", "sync.archive is now [\"tools\"]"])
        #expect(told.withLockedValue { $0 } == [["tools"]])
    }

    @Test func `what management has set goes on, and how to undo it is said`() throws {
        var told = InformationChange()
        told.name = "By \"management\""
        reloading.hooks.add { [told] _, changed in told.remarks(on: changed) }
        try write("[relay]\nname = \"ByConfig\"\ncontact = \"new\"")
        #expect(
            try reloading.reload() == [
                "relay.name is now \"ByConfig\"", "relay.contact is now \"new\"",
                "clients are told \"By \\\"management\\\"\" in place of relay.name, as management has set it; "
                    + "changerelayname with an empty text undoes that",
            ])
        try write("[relay]\nname = \"ByConfig\"\ncontact = \"newer\"")
        #expect(try reloading.reload() == ["relay.contact is now \"newer\""])
    }

    @Test func `what needs a restart is said every time`() throws {
        try write("[relay]\nkey_file = \"other\"")
        #expect(try reloading.reload() == ["relay.key_file needs a restart"])
        #expect(try reloading.reload() == ["relay.key_file needs a restart"])
    }

    @Test func `a configuration that is wrong changes nothing`() throws {
        try write("log_level = \"debug\"\nwrong = 1")
        #expect(throws: ConfigError("\(file.path): wrong: unknown key")) { try reloading.reload() }
        #expect(output.level == .info)
    }
}
