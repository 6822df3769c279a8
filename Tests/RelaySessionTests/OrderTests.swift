// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import Testing

@Suite struct OrderTests {
    private let byID = [Filter(ids: [Sample.a.id])]

    @Test func `EVENT, REQ, COUNT and CLOSE sent at once are answered in order`() {
        var client = Conversation()
        #expect(client.publish(Sample.a) == [.submit(0, Sample.a)])
        #expect(client.request("r", byID).isEmpty)
        #expect(client.say(.count("c", byID)).isEmpty)
        #expect(client.say(.close("r")).isEmpty)
        #expect(
            client.judged(0) == [
                .ok(Sample.a), .watch(0, "r", byID), .open(0, "r", byID), .read(0),
            ])
        #expect(
            client.page(0, .finished(at: 1))
                == [
                    .sendPage(0), .eose("r"), .drop(0), .count(ScanNumber(number: 1), byID, arrived: .zero),
                ])
        #expect(
            client.session.reduce(.counted(ScanNumber(number: 1), 1)) == [.send(.count("c", 1)), .unwatch(0)])
    }

    @Test func `a request waits for every event before it, so that it sees them`() {
        var client = Conversation()
        _ = client.publish(Sample.a)
        _ = client.publish(Sample.b)
        #expect(client.request("r").isEmpty)
        #expect(client.judged(0) == [.ok(Sample.a)])
        #expect(client.judged(1).prefix(2) == [.ok(Sample.b), .watch(0, "r")])
    }

    @Test func `an event after a request waits for the request's first page only`() {
        var client = Conversation()
        _ = client.request("r")
        #expect(client.publish(Sample.a).isEmpty)
        #expect(client.page(0, .more(at: 5)) == [.sendPage(0), .submit(0, Sample.a), .read(0)])
    }

    @Test func `requests sent at once get their first pages in order`() {
        var client = Conversation()
        #expect(client.request("a") == [.watch(0, "a"), .open(0, "a"), .read(0)])
        #expect(client.request("b").isEmpty)
        #expect(client.page(0, .more(at: 1)) == [.sendPage(0), .watch(1, "b"), .open(1, "b"), .read(1)])
        #expect(client.page(1, .finished(at: 1)) == [.sendPage(1), .eose("b"), .drop(1), .read(0)])
    }

    @Test func `CLOSE makes room for a count that waits for it`() {
        var bounds = SessionLimits()
        bounds.runningScans = 1
        var client = Conversation(bounds: bounds)
        _ = client.request("a")
        _ = client.page(0, .more(at: 1))
        #expect(client.say(.count("n", [Filter()])).isEmpty)
        #expect(client.say(.close("a")) == [.unwatch(0), .drop(0)])
        #expect(client.page(0, .more(at: 1)) == [.count(1)], "once the page that was being read is there")
    }

    @Test func `a bad request is answered in its turn`() {
        var client = Conversation()
        _ = client.publish(Sample.a)
        _ = client.session.reduce(.unusable(.badRequest("x", .invalid("ids: not hex")), size: 5, at: .zero))
        #expect(client.judged(0) == [.ok(Sample.a), .closed("x", "invalid: ids: not hex")])
    }
}
