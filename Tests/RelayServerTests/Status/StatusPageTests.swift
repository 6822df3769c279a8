// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import RelayTransport
import Testing

@testable import RelayServer

@Suite struct StatusPageTests {
    private static let hostile = #""><script>alert('1')</script><b>"#

    private func page(
        _ report: StatusReport, name: String = "Test", isOpen: Bool = true
    ) -> String {
        var information = RelayInformation()
        information.name = name
        information.description = Self.hostile
        information.version = "1.2.3"
        return StatusPage(
            information: information, report: report, sections: StatusSection.all(of: report), isOpen: isOpen,
            found: "ws://here.test"
        ).html.markup
    }

    private static var full: StatusReport {
        var report = StatusReport()
        report.version = "1.2.3"
        (report.startedAt, report.at) = (1_700_000_000, 1_700_007_200)
        report.health = [.init("relay", .good, "ok"), .init("gathering", .fair, "half")]
        report.figures = [.init("events", "Events", .count(1_234_567))]
        report.rates = [.init("queries", "Queries", .perSecond(2.25))]
        report.queues = [.init("ingest", "Events to be judged", 7, of: 32_768)]
        var upstream = StatusReport.Upstream(url: "wss://a.test", standing: .good, state: "connected")
        (upstream.complete, upstream.wanted, upstream.behind) = (3, 4, 0)
        report.upstreams = .init([upstream], of: 41)
        report.repositories = .init([
            .init(name: hostile, identifier: hostile, owner: "npub1" + hostile, relays: [hostile], roots: 5)
        ])
        report.problems = .init([
            .init(source: "store", isError: true, words: hostile, count: 3, last: 1_700_007_100)
        ])
        return report
    }

    @Test func `strangers' words are words, wherever they stand`() {
        let html = page(Self.full, name: Self.hostile)
        #expect(!html.contains("<script>") && !html.contains("<b>\"") && !html.contains("alert('"))
        #expect(html.contains("<h1>&quot;&gt;&lt;script&gt;"))
    }

    @Test func `everything is there at load, and said what is left out`() {
        let html = page(Self.full)
        for text in [
            "1,234,567", "2.3 /s", "32,768", "<th scope=\"row\">a.test</th>", "and 40 relays more",
            "3 times, last",
            "<td>live</td>", "<b>relay</b> ok", "As of 2023-11-15 00:13:20 UTC",
        ] { #expect(html.contains(text), "\(text)") }
        #expect(html.contains("<code>ws://here.test</code>"))
    }

    @Test func `without scripts it is loaded again, and nothing in it is a script or a style`() {
        let html = page(Self.full)
        #expect(html.contains("<noscript><meta http-equiv=\"refresh\" content=\"30\"></noscript>"))
        #expect(!html.contains(" style=") && !html.contains("<style") && !html.contains(" onclick"))
        for path in [StatusResource.style.path, StatusResource.script.path] {
            #expect(html.contains("\"\(path)\""))
        }
    }

    @Test func `lists that are not for everybody are not there`() {
        var report = Self.full
        (report.upstreams, report.repositories, report.problems) = (nil, nil, nil)
        let html = page(report)
        #expect(html.contains("id=\"figures\"") && !html.contains("id=\"upstreams\""))
        #expect(!html.contains("Repositories</h2>") && !html.contains("Recent problems"))
    }

    @Test func `a page that is off tells name and address alone`() {
        let html = page(Self.full, isOpen: false)
        #expect(html.contains("<h1>Test</h1>") && html.contains("ws://here.test"))
        #expect(!html.contains("1,234,567") && !html.contains("data-live") && !html.contains("<script"))
    }

    @Test func `every table has a caption, and every section a heading`() {
        let html = page(Self.full)
        let count = { (text: String) in html.components(separatedBy: text).count - 1 }
        #expect(count("<table>") == 3 && count("<caption") == 3)
        #expect(count("<section") == 6 && count("<h2") == 6 && count("<h1") == 1)
        #expect(count(" data-live") == 7)
    }

    @Test(arguments: [
        (StatusReport.Figure.Amount.count(-1_000), "-1,000"), (.bytes(0), "0 B"),
        (.bytes(6_815_744), "6.5 MiB"),
        (.bytes(.max), "8 EiB"), (.share(0), "0 %"), (.share(0.000_01), "< 0.1 %"), (.share(0.5), "50 %"),
        (.span(59), "< 1 min"), (.span(7_200), "2 h"), (.perSecond(0), "0 /s"),
        (.perSecond(1_234.5), "1,235 /s"), (.perSecond(.infinity), "0 /s"),
        (.bytesPerSecond(2_048), "2 KiB/s"), (.perSecond(.nan), "0 /s"),
    ])
    func `numbers are spelt for people`(amount: StatusReport.Figure.Amount, text: String) {
        #expect(StatusWords.text(amount) == text)
    }

    @Test func `the same facts are there for programs`() {
        let json = String(decoding: Self.full.json(name: "Test"), as: UTF8.self)
        #expect(json.hasPrefix(#"{"name":"Test","version":"1.2.3","started_at":1700000000"#))
        #expect(json.contains(#""now":{"events":1234567},"last_minute":{"queries":2.25}"#))
        #expect(json.contains(#"{"total":41,"listed":[{"url":"wss://a.test""#))
    }
}
