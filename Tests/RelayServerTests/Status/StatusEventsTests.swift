// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport
import Testing

@testable import RelayServer

@Suite struct StatusEventsTests {
    @Test func `a section is an event, each line of it a field of data`() {
        let text = String(buffer: StatusEvents.text([.rates: "b", .figures: "<p>\n</p>"]))
        #expect(text == "event: figures\ndata: <p>\ndata: </p>\n\nevent: rates\ndata: b\n\n")
    }

    @Test func `only what is other than before is told`() {
        var events = StatusEvents()
        _ = events.news([.figures: "1", .rates: "1"], quietRounds: 9)
        let news = events.news([.figures: "1", .rates: "2"], quietRounds: 9)
        #expect(news.map { String(buffer: $0) } == "event: rates\ndata: 2\n\n")
        #expect(events.news([.figures: "1", .rates: "2"], quietRounds: 9) == nil)
    }

    @Test func `after some rounds without news a word is said`() {
        var events = StatusEvents()
        _ = events.news([.figures: "1"], quietRounds: 2)
        let rounds = (0..<4).map { _ in events.news([.figures: "1"], quietRounds: 2) != nil }
        #expect(rounds == [false, true, false, true])
    }
}
