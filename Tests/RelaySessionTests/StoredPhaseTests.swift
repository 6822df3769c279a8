// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import Testing

@Suite struct StoredPhaseTests {
    @Test func `a request is watched before its scan begins, so that nothing falls between`() {
        var client = Conversation()
        #expect(client.request("r") == [.watch(0, "r"), .open(0, "r"), .read(0)])
    }

    @Test func `pages follow each other and EOSE comes once, after the last`() {
        var client = Conversation()
        _ = client.request("r")
        #expect(client.page(0, .more(at: 1)) == [.sendPage(0), .read(0)])
        #expect(client.page(0, .more(at: 1)) == [.sendPage(0), .read(0)])
        #expect(client.page(0, .finished(at: 1)) == [.sendPage(0), .eose("r"), .drop(0)])
    }

    @Test func `long scans take turns, one page each`() {
        var client = Conversation()
        _ = client.request("a")
        _ = client.page(0, .more(at: 1))
        _ = client.request("b")
        #expect(client.page(0, .more(at: 1)) == [.sendPage(0), .read(1)])
        #expect(client.page(1, .more(at: 1)) == [.sendPage(1), .read(0)])
        #expect(client.page(0, .more(at: 1)) == [.sendPage(0), .read(1)])
    }

    @Test func `scans beyond those that may run wait unopened and hold nobody up`() {
        var bounds = SessionLimits()
        bounds.runningScans = 1
        var client = Conversation(bounds: bounds)
        _ = client.request("a")
        _ = client.page(0, .more(at: 1))
        #expect(client.request("b") == [.watch(1, "b")])
        #expect(client.publish(Sample.a) == [.submit(0, Sample.a)])
        #expect(
            client.page(0, .finished(at: 1)) == [.sendPage(0), .eose("a"), .drop(0), .open(1, "b"), .read(1)])
    }

    @Test func `CLOSE ends a long scan at once, and its page is not sent`() {
        var client = Conversation()
        _ = client.request("a")
        _ = client.page(0, .more(at: 1))
        #expect(client.say(.close("a")) == [.unwatch(0), .drop(0)])
        #expect(client.page(0, .more(at: 1)).isEmpty)
        #expect(client.session.openSubscriptions == 0)
    }

    @Test func `CLOSE of an unknown id is silent`() {
        var client = Conversation()
        #expect(client.say(.close("nobody")).isEmpty)
    }

    @Test func `a closed id can be opened again`() {
        var client = Conversation()
        client.live("a")
        _ = client.say(.close("a"))
        #expect(client.request("a") == [.watch(0, "a"), .open(1, "a"), .read(1)])
    }

    @Test func `EOSE says that nothing is left when the last page knows it`() {
        for isComplete in [false, true] {
            var client = Conversation()
            _ = client.request("r")
            let end = PageReport.finished(snapshot: FeedPosition(commit: 1), isComplete: isComplete)
            let actions = client.page(0, end)
            #expect(actions.contains(.send(.endOfStoredEvents("r", isComplete ? .finish : nil))))
        }
    }

    @Test func `an open id is replaced, and the same request again gets its own EOSE`() {
        var client = Conversation()
        client.live("a")
        #expect(client.request("a") == [.unwatch(0), .watch(0, "a"), .open(1, "a"), .read(1)])
        #expect(client.page(1, .finished(at: 3)) == [.sendPage(1), .eose("a"), .drop(1)])
    }

    @Test func `a replaced request's page is not sent for the new one`() {
        var client = Conversation()
        _ = client.request("a")
        _ = client.page(0, .more(at: 1))
        let filters = [Filter(kinds: [7])]
        #expect(
            client.request("a", filters) == [
                .unwatch(0), .drop(0), .watch(0, "a", filters), .open(1, "a", filters),
            ])
        #expect(client.page(0, .finished(at: 1)) == [.read(1)])
        #expect(client.page(1, .finished(at: 2)) == [.sendPage(1), .eose("a"), .drop(1)])
    }

    @Test func `a slow reader's scan pauses, and goes on when there is room`() {
        var client = Conversation()
        _ = client.request("a")
        _ = client.session.reduce(.writability(false))
        #expect(client.page(0, .more(at: 1)) == [.sendPage(0)])
        #expect(client.session.reduce(.writability(true)) == [.read(0)])
    }

    @Test func `a scan that fails is told with the subscription's id`() {
        var client = Conversation()
        _ = client.request("a")
        #expect(
            client.page(0, .failed(.fault)) == [
                .unwatch(0), .drop(0), .closed("a", "error: the store could not be read"),
            ])
        _ = client.request("b")
        #expect(
            client.page(1, .failed(.busy)).last
                == .closed("b", "error: too many requests wait, try again later"))
    }

    @Test func `a count is answered, and one that fails is told by CLOSED`() {
        var client = Conversation()
        #expect(client.say(.count("c", [Filter()])) == [.count(0)])
        #expect(client.session.reduce(.counted(ScanNumber(number: 0), 42)) == [.send(.count("c", 42))])
        _ = client.say(.count("d", [Filter()]))
        #expect(
            client.session.reduce(.counted(ScanNumber(number: 1), nil)) == [
                .closed("d", "error: the events could not be counted")
            ])
    }

    @Test func `counts beyond those that may run are bounded like everything else that waits`() {
        var bounds = SessionLimits()
        bounds.runningScans = 1
        bounds.waitingMessages = 3
        var client = Conversation(bounds: bounds)
        _ = client.request("a")
        _ = client.page(0, .more(at: 1))
        #expect(client.say(.count("c0", [Filter()])).isEmpty)
        #expect(client.say(.count("c1", [Filter()])).isEmpty)
        #expect(client.say(.count("c2", [Filter()])).isEmpty)
        #expect(client.say(.count("c3", [Filter()])) == [.pauseReading])
        #expect(client.page(0, .finished(at: 1)).last == .count(1))
        #expect(
            client.session.reduce(.counted(ScanNumber(number: 1), 7)) == [.send(.count("c0", 7)), .count(2)])
    }

    @Test func `a long count takes turns, and later messages do not wait for its end`() {
        var client = Conversation()
        #expect(client.say(.count("c", [Filter()])) == [.count(0)])
        #expect(client.request("a").isEmpty, "the first slice comes first")
        #expect(
            client.session.reduce(.counting(ScanNumber(number: 0))) == [
                .watch(0, "a"), .open(1, "a"), .read(1),
            ])
        #expect(client.page(1, .more(at: 1)) == [.sendPage(1), .count(0)])
        #expect(client.session.reduce(.counting(ScanNumber(number: 0))) == [.read(1)])
        #expect(client.page(1, .finished(at: 1)) == [.sendPage(1), .eose("a"), .drop(1), .count(0)])
        #expect(client.session.reduce(.counted(ScanNumber(number: 0), 9)) == [.send(.count("c", 9))])
    }

    @Test func `a reading knows when its request came, however long that waited`() {
        var bounds = SessionLimits()
        bounds.runningScans = 1
        var client = Conversation(bounds: bounds)
        let came = Uptime(nanoseconds: 77)
        _ = client.request("a")
        _ = client.session.reduce(.message(.request("b", [Filter()]), size: 9, at: came))
        _ = client.page(0, .more(at: 1))
        let open = SessionAction.openScan(ScanNumber(number: 1), "b", [Filter()], arrived: came)
        #expect(client.page(0, .finished(at: 1)).contains(open))
    }
}
