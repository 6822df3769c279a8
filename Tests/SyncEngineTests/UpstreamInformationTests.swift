// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

@testable import SyncEngine

/// NIP-11 as relays really write it.
@Suite struct UpstreamInformationTests {
    private func read(_ text: String) -> UpstreamInformation? {
        UpstreamInformation(document: Array(text.utf8))
    }

    private let whole = """
        {"name":"x","software":"git+https://relay.test/x","supported_nips":[1,11,"42",77.0,null,{"a":1},-3],
        "limitation":{"max_subscriptions":20,"max_filters":"10","max_limit":500.0,"default_limit":" 100 ",
        "max_message_length":65536,"max_subid_length":64,"auth_required":true,"payment_required":"false"}}
        """

    @Test func `numbers may be numbers or text`() throws {
        let information = try #require(read(whole))
        #expect(information.maxSubscriptions == 20)
        #expect(information.maxFilters == 10)
        #expect(information.maxLimit == 500)
        #expect(information.defaultLimit == 100)
        #expect(information.maxMessageLength == 65_536)
        #expect(information.maxSubidLength == 64)
        #expect(information.authRequired == true)
        #expect(information.paymentRequired == false)
        #expect(information.supportedNIPs == [1, 11, 42, 77])
        #expect(information.software == "git+https://relay.test/x")
    }

    @Test(arguments: [
        "{}", #"{"limitation":null}"#, #"{"limitation":[]}"#, #"{"limitation":7,"supported_nips":"1"}"#,
        #"{"limitation":{"max_limit":null,"max_filters":[1],"max_subscriptions":{"a":2},"auth_required":7}}"#,
        #"{"limitation":{"max_limit":-1,"max_filters":1e300,"max_subscriptions":"many"},"software":5}"#,
        #"{"limitation":{"max_limit":99999999999999999999,"max_message_length":9e18}}"#,
    ]) func `what is missing, of another type or out of all reason counts as not said`(text: String) throws {
        #expect(try #require(read(text)) == UpstreamInformation())
    }

    @Test(arguments: ["", "[]", "null", "7", "\"x\"", "not json", "{", "<html></html>", "{\"a\":}"])
    func `what is no object is nothing`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `the software's name is short and obeyed by no terminal`() throws {
        let name = "\\u001b[2J\\u0007\\u202e" + String(repeating: "x", count: 500)
        let information = try #require(read("{\"software\":\"\(name)\"}"))
        let software = try #require(information.software)
        #expect(software.unicodeScalars.count <= 80)
        #expect(software.hasPrefix("[2Jx"))
    }

    @Test func `damage never does more than lose what was said`() {
        var rng = SplitMix64(seed: 11)
        let bytes = Array(whole.utf8)
        for _ in 0..<3000 {
            var copy = bytes
            for _ in 0..<Int.random(in: 1...6, using: &rng) {
                let at = Int.random(in: 0..<copy.count, using: &rng)
                switch Int.random(in: 0..<4, using: &rng) {
                case 0: copy[at] = .random(in: .min ... .max, using: &rng)
                case 1: copy.remove(at: at)
                case 2: copy.insert(contentsOf: [UInt8]("{[\"9e-".utf8), at: at)
                default: copy.removeSubrange(at..<min(copy.count, at + 20))
                }
            }
            guard let information = UpstreamInformation(document: copy) else { continue }
            for number in [information.maxLimit, information.maxFilters, information.maxSubscriptions] {
                #expect(number.map { (0...SyncEngineLimits.advertisedMax).contains($0) } ?? true)
            }
        }
        let deep = String(repeating: "[", count: 60_000)
        #expect(read("{\"limitation\":\(deep)") == nil)
        #expect(read(deep) == nil)
    }
}
