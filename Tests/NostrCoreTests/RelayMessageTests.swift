// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@Suite struct RelayMessageTests {
    private func parse(_ json: String) throws(RelayMessageError) -> RelayMessage {
        try RelayMessage.parse(Array(json.utf8))
    }

    @Test func `every message comes back from its print`() throws {
        let event = Samples.signed(content: "\"x\"")
        let messages: [RelayMessage] = [
            .event("s", event), .ok(event.id, accepted: true, message: ""),
            .ok(TagValue("any \"text\""), accepted: false, message: "invalid: \n"), .endOfStoredEvents("é"),
            .closed("s", message: "error: x"), .notice("n"), .authChallenge("c"), .count("s", 12),
            .negentropyMessage("n", "61"), .negentropyError("n", message: "blocked: x"),
            .negentropyError("n", message: "blocked: x", most: 7), .unknown("NEW"),
        ]
        for message in messages {
            var output: [UInt8] = []
            message.appendJSON(to: &output)
            #expect(try RelayMessage.parse(output) == message)
        }
    }

    @Test func `an answer may say less or more than NIP-01 says`() throws {
        #expect(try parse("[\"EOSE\",\"s\",[\"finish\"],{\"x\":1}]") == .endOfStoredEvents("s", .finish))
        for (list, hint) in [
            (##"["more"]"##, EndHint.more), (##"[7,["x"],"later","finish"]"##, .finish), ("[]", nil),
            (##"["else"]"##, nil),
            ("true", nil), (##"{"finish":1}"##, nil),
        ] {
            #expect(try parse("[\"EOSE\",\"s\" , \(list)]") == .endOfStoredEvents("s", hint), "\(list)")
        }
        #expect(try parse("[\"OK\",\"id\",true]") == .ok(TagValue("id"), accepted: true, message: ""))
        #expect(try parse("[\"CLOSED\",\"s\"]") == .closed("s", message: ""))
        #expect(
            try parse("[\"COUNT\",\"s\",{\"hll\":\"00\",\"count\":7,\"approximate\":true}]") == .count("s", 7)
        )
        #expect(try parse("[\"NEW\",{\"a\":[1]}]") == .unknown("NEW"))
        for rest in ["\"7\"", "-7", "7.5", "null", "[7]", "99999999999999999999"] {
            #expect(
                try parse("[\"NEG-ERR\",\"n\",\"blocked: x\", \(rest)]")
                    == .negentropyError("n", message: "blocked: x"), "\(rest)")
        }
        #expect(
            try parse("[\"NEG-ERR\",\"n\",\"blocked: x\" , 7 , 8]")
                == .negentropyError("n", message: "blocked: x", most: 7))
    }

    @Test func `an event that is wrong names its subscription`() {
        let error = #expect(throws: RelayMessageError.self) { try parse("[\"EVENT\",\"s\",{\"id\":\"x\"}]") }
        #expect(error == .badEvent("s", .malformed("id is not 64 lower-case hex digits")))
    }

    @Test func `long texts are cut between characters`() throws {
        let long = String(repeating: "é", count: 2_000)
        guard case .notice(let text) = try parse("[\"NOTICE\",\"x\(long)\"]") else {
            Issue.record("not a NOTICE")
            return
        }
        #expect(text.utf8.count == CodecLimits.maxTextLength - 1)
        #expect("x\(long)".hasPrefix(text))
    }

    @Test(arguments: [
        "", "[]", "{}", "[\"EVENT\"]", "[\"EVENT\",\"\",{}]", "[\"OK\",\"x\"]", "[\"OK\",\"x\",1]",
        "[\"OK\",1,true,\"\"]", "[\"EOSE\"]",
        "[\"COUNT\",\"s\",{}]", "[\"COUNT\",\"s\",{\"count\":-1}]", "[\"COUNT\",\"s\",5]", "[\"NOTICE\",1]",
        "[\"AUTH\"]",
        "[\"NOTICE\",\"x\"", "[\"NEW\",tru]",
    ])
    func `a message that is none is unreadable`(json: String) {
        let error = #expect(throws: RelayMessageError.self) { try parse(json) }
        guard case .unreadable = error else {
            Issue.record("\(json): \(String(describing: error))")
            return
        }
    }
}
