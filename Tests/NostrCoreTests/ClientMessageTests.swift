// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@Suite struct ClientMessageTests {
    private func parse(_ json: String) throws(ClientMessageError) -> ClientMessage {
        try ClientMessage.parse(Array(json.utf8))
    }

    private func print(_ message: ClientMessage) -> [UInt8] {
        var output: [UInt8] = []
        message.appendJSON(to: &output)
        return output
    }

    @Test func `every message comes back from its print`() throws {
        let event = ParsedEvent(event: Samples.signed(content: "\"x\""))
        let filter = Filter(kinds: [1], limit: 5)
        let messages: [ClientMessage] = [
            .event(event), .authenticate(event), .request("a\"b\\", [filter]),
            .request("s", [filter, Filter()]),
            .count("é", [filter]), .close("s"), .negentropyOpen("n", filter, "61"),
            .negentropyMessage("n", "6100"),
            .negentropyClose("n"),
        ]
        for message in messages { #expect(try ClientMessage.parse(print(message)) == message) }
    }

    @Test func `white space may stand anywhere between tokens`() throws {
        #expect(
            try parse(" [ \"REQ\" ,\t\"s\"\r\n, { } , {\"limit\" : 1} ] \n")
                == .request("s", [Filter(), Filter(limit: 1)]))
        #expect(try parse("[\"R\\u0045Q\",\"s\",{}]") == .request("s", [Filter()]))
    }

    @Test func `a subscription id has 1 to 64 characters of any language`() throws {
        for text in [String(repeating: "🪶", count: 64), "x", "\"\\/\u{1}"] {
            guard case .close(let id) = try ClientMessage.parse(print(.close(SubscriptionID(TagValue(text)))))
            else {
                Issue.record("not a CLOSE")
                return
            }
            #expect(id.description == text)
        }
        for id in ["\"\"", "\"\(String(repeating: "a", count: 65))\"", "1", "null", "\"\\ud800\""] {
            for message in [
                "[\"REQ\",\(id),{}]", "[\"CLOSE\",\(id)]", "[\"COUNT\",\(id),{}]", "[\"NEG-CLOSE\",\(id)]",
            ] {
                let error = #expect(throws: ClientMessageError.self) { try parse(message) }
                guard case .unreadable = error else {
                    Issue.record("\(message) should be unreadable")
                    return
                }
            }
        }
    }

    @Test(arguments: [
        ("[\"REQ\",\"s\"]", FilterError.invalid("a filter is missing")),
        ("[\"REQ\",\"s\",{\"foo\":1}]", .unsupported("a filter field is unknown")),
        ("[\"COUNT\",\"s\",{},{\"kinds\":[\"1\"]}]", .invalid("kinds are integers from 0 to 65535")),
        ("[\"REQ\",\"s\",1]", .invalid("a filter is an object")),
        ("[\"REQ\",\"s\",{}", .invalid("a comma or a closing bracket is missing")),
        ("[\"REQ\",\"s\",{}]]", .invalid("something follows the JSON")),
        ("[\"REQ\",\"s\",{},]", .invalid("a filter is an object")),
    ])
    func `a request that is wrong names its subscription`(json: String, error: FilterError) {
        #expect(throws: ClientMessageError.badRequest("s", error)) { try parse(json) }
    }

    @Test(arguments: [
        "[\"NEG-OPEN\",\"s\"]", "[\"NEG-OPEN\",\"s\",{}]", "[\"NEG-OPEN\",\"s\",{\"foo\":1},\"61\"]",
        "[\"NEG-MSG\",\"s\"]",
        "[\"NEG-MSG\",\"s\",1]", "[\"NEG-MSG\",\"s\",\"61\",1]",
    ])
    func `a reconciliation that is wrong names its subscription`(json: String) {
        let error = #expect(throws: ClientMessageError.self) { try parse(json) }
        guard case .badNegentropy("s", _) = error else {
            Issue.record("\(json) should be a bad reconciliation")
            return
        }
    }

    @Test(arguments: ["EVENT", "AUTH"]) func `an event that is wrong is answered by whatever stood under id`(
        verb: String
    ) {
        let cases: [(String, TagValue?)] = [
            ("{\"id\":\"abc\"}", "abc"), ("{\"kind\":1,\"x\":[{}],\"\\u0069d\":\"a\\\"b\"", "a\"b"),
            ("{\"id\":1}", nil),
            ("{}", nil), ("{\"id\":\"\(String(repeating: "a", count: 129))\"}", nil), ("1", nil), ("", nil),
            ("{\"kind\":tru", nil),
            ("{\"content\":\"\u{1}\",\"id\":\"abc\"}", nil), ("[\"id\"]", nil),
        ]
        for (event, id) in cases {
            let error = #expect(throws: ClientMessageError.self) { try parse("[\"\(verb)\",\(event)]") }
            guard case .badEvent(id, _) = error else {
                Issue.record("\(event): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `an event with something after it is answered by its id`() {
        let event = Samples.signed()
        let json = String(decoding: event.json, as: UTF8.self)
        for end in [",1]", "", "]]", "}"] {
            let error = #expect(throws: ClientMessageError.self) { try parse("[\"EVENT\",\(json)\(end)") }
            guard case .badEvent(TagValue(event.id.hex), _) = error else {
                Issue.record("\(end): \(String(describing: error))")
                continue
            }
        }
    }

    @Test(arguments: [
        "", " ", "{}", "[]", "[1]", "null", "\"EVENT\"", "[\"NOPE\"]", "[\"\"]", "[\"REQ\"]",
        "[\"CLOSE\"]",
        "[\"CLOSE\",\"s\",1]", "[\"CLOSE\",\"s\"", "[\"CLOSE\",\"s\"]x", "[\"CLOSE\" \"s\"]",
        "\u{FEFF}[\"CLOSE\",\"s\"]",
    ])
    func `a message that is none is unreadable`(json: String) {
        let error = #expect(throws: ClientMessageError.self) { try parse(json) }
        guard case .unreadable = error else {
            Issue.record("\(json): \(String(describing: error))")
            return
        }
    }
}
