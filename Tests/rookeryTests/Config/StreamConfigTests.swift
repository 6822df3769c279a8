// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Logging
import NIOConcurrencyHelpers
import NostrCore
import Telemetry
import Testing

@testable import rookery

@Suite struct StreamConfigTests {
    private static let mirror = """
        [[stream]]
        name = "mirror"
        urls = ["wss://A.example/", "ws://127.0.0.1:9"]
        direction = "down"
        filter = '{"kinds":[0,30617]}'
        """

    @Test func `streams are read in their order, with names where they have none`() throws {
        let file = try TemporaryFile("[[stream]]\nurls = [\"wss://b.example\"]\n" + Self.mirror)
        let streams = try ConfigLoader(file: file.path).load().streams
        let (a, b, c) = (
            try RelayURL("wss://a.example"), try RelayURL("wss://b.example"), try RelayURL("ws://127.0.0.1:9")
        )
        let mirror = StreamSettings(
            name: "mirror", urls: [a, c], direction: .down, filter: Filter(kinds: [0, 30617]))
        #expect(streams == [StreamSettings(name: "stream-1", urls: [b]), mirror])
    }

    @Test func `what is printed is read back, also from the environment`() throws {
        let file = try TemporaryFile(Self.mirror)
        let settings = try ConfigLoader(file: file.path).load()
        let printed = try TemporaryFile(settings.toml)
        #expect(try ConfigLoader(file: printed.path).load().streams == settings.streams)
        #expect(settings.toml.contains("\n[[stream]]\nname = \"mirror\"\n"))
        let inline = ConfigKeys.stream.read(settings).toml
        let environment = ConfigEnvironment(variables: ["ROOKERY_STREAM": inline])
        #expect(try ConfigLoader(environment: environment).load().streams == settings.streams)
        #expect(try !ConfigLoader().load().toml.contains("stream"))
    }

    @Test(arguments: [
        ("[stream]\nurls = []", "stream: must be written as [[stream]]"),
        ("stream = 1", "stream: must be written as [[stream]]"),
        ("[[stream]]", "\"stream-1\": urls: must name at least one relay"),
        ("[[stream]]\nurl = \"wss://a.test\"", "\"stream-1\": url: unknown key; did you mean urls?"),
        ("[[stream]]\nplugin = \"x\"", "\"stream-1\": plugin: unknown key"),
        ("[[stream]]\nurls = \"wss://a.test\"", "urls: must be a list of strings"),
        ("[[stream]]\nurls = [\"a b\"]", "urls: must be a relay's URL like wss://relay.example.com"),
        ("[[stream]]\nurls = [\"wss://a.test\", \"wss://a.test:443\"]", "urls: names wss://a.test twice"),
        (
            "[[stream]]\nname = \"x\"\nurls = [\"ws://localhost:7777\"]",
            "\"x\": urls: ws://localhost:7777 is this relay itself"
        ),
        ("relay.domain = \"a.test\"\n[[stream]]\nurls = [\"wss://a.test\"]", "is this relay itself"),
        (
            "[[stream]]\nname = \"a b\"\nurls = [\"wss://a.test\"]",
            "name: must be one word of at most 64 bytes"
        ),
        ("[[stream]]\nname = 3\nurls = [\"wss://a.test\"]", "name: must be a string"),
        (
            "[[stream]]\nurls = [\"wss://a.test\"]\ndirection = \"sideways\"",
            "direction: must be one of \"down\", \"up\", \"both\", not \"sideways\""
        ),
        ("[[stream]]\nurls = [\"wss://a.test\"]\nfilter = '{'", "filter: must be a Nostr filter as JSON"),
        ("[[stream]]\nurls = [\"wss://a.test\"]\nfilter = '{\"limit\":3}'", "filter: takes no limit"),
        ("[[stream]]\nurls = [\"wss://a.test\"]\nfilter = '{\"search\":\"x\"}'", "filter: takes no search"),
        ("[[stream]]\nurls = [\"wss://a.test\"]\nfilter = '{\"kinds\":[]}'", "filter: matches nothing"),
        (
            "[[stream]]\nurls = [\"wss://a.test\"]\nfilter = 1979-05-27",
            "stream: a value of this kind is not understood"
        ),
        (
            "[[stream]]\nname = \"x\"\nurls = [\"wss://a.test\"]\n[[stream]]\nname = \"x\"\nurls = [\"wss://b.test\"]",
            "stream: two of them have the name \"x\""
        ),
        ("[[streams]]\nurls = [\"wss://a.test\"]", "streams: unknown key; did you mean stream?"),
    ])
    func `one line names the file, the stream, the key and what is wrong`(
        text: String, complaint: String
    ) throws {
        let file = try TemporaryFile(text)
        let error = try #require(throws: ConfigError.self) { try ConfigLoader(file: file.path).load() }
        #expect(error.description.hasPrefix("\(file.path): stream"))
        #expect(error.description.contains(complaint), "\(error)")
        #expect(!error.description.contains("\n"))
    }

    @Test func `there are so many streams and no more`() throws {
        let streams = (0..<65).map { "[[stream]]\nurls = [\"wss://r\($0).test\"]" }.joined(separator: "\n")
        let urls = (0..<64).map { "\"wss://r\($0).test\"" }.joined(separator: ",")
        for text in [streams, String(repeating: "[[stream]]\nurls = [\(urls)]\n", count: 5)] {
            let file = try TemporaryFile(text)
            let error = try #require(throws: ConfigError.self) { try ConfigLoader(file: file.path).load() }
            #expect(error.description.contains("at most"))
        }
    }

    @Test(arguments: ["ROOKERY_STREAM_URLS", "ROOKERY_STREAM"])
    func `a variable that means no streams is an error`(variable: String) throws {
        let environment = ConfigEnvironment(variables: [variable: "wss://a.test"])
        let error = try #require(throws: ConfigError.self) {
            try ConfigLoader(environment: environment).load()
        }
        #expect(error.description.contains(variable))
    }

    @Test func `streams are reloaded`() throws {
        let file = try TemporaryFile("")
        let loader = ConfigLoader(file: file.path)
        let reloading = Reloading(
            loader: loader, settings: try loader.load(),
            output: LogOutput(level: .info, format: .text, sink: { _ in }))
        let told = NIOLockedValueBox<[String]>([])
        reloading.hooks.add { settings in told.withLockedValue { $0 = settings.streams.map(\.name) } }
        try Self.mirror.write(toFile: file.path, atomically: false, encoding: .utf8)
        let notes = try reloading.reload()
        #expect(notes.count == 1 && notes[0].hasPrefix("stream is now [{ direction = \"down\""), "\(notes)")
        #expect(told.withLockedValue { $0 } == ["mirror"])
    }
}
