// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import TestSupport
import Testing

/// NEG-OPEN, NEG-MSG and NEG-CLOSE: what is done for them, and in which order.
@Suite struct ReconcilingTests {
    private static let notes = Filter(kinds: [1])

    @Test func `a set is read page by page, then each message is answered from it`() {
        var client = Conversation.reconciling()
        #expect(client.open("n", Self.notes) == [.gather(0, Self.notes)])
        #expect(client.gathered(0, .more) == [.gather(0, Self.notes)])
        #expect(client.gathered(0) == [.reconcile(0, "n")])
        #expect(client.reconciled(0) == [.sendAnswer(0)])
        #expect(client.tell("n", "6100") == [.reconcile(0, "n", "6100")])
        #expect(client.reconciled(0) == [.sendAnswer(0)])
        #expect(client.session.openReconciliations == 1)
        #expect(client.say(.negentropyClose("n")) == [.dropSet(0)])
        #expect(client.session.openReconciliations == 0)
        #expect(client.say(.negentropyClose("n")).isEmpty)
    }

    @Test func `messages that are not waited for are answered in the order they came`() {
        var client = Conversation.reconciling()
        _ = client.open("n")
        #expect(client.tell("n", "6100").isEmpty)
        #expect(client.tell("n", "610000").isEmpty)
        #expect(client.gathered(0) == [.reconcile(0, "n")])
        #expect(client.reconciled(0) == [.sendAnswer(0), .reconcile(0, "n", "6100")])
        #expect(client.reconciled(0) == [.sendAnswer(0), .reconcile(0, "n", "610000")])
        #expect(client.reconciled(0) == [.sendAnswer(0)])
    }

    @Test func `the ids of reconciliations and subscriptions are apart`() {
        var client = Conversation.reconciling()
        client.live("a")
        #expect(client.open("a") == [.gather(1)])
        #expect(client.gathered(1) == [.reconcile(1, "a")])
        #expect(client.say(.close("a")) == [.unwatch(0)])
        #expect(client.reconciled(1) == [.sendAnswer(1)])
        client.live("a", scan: 2)
        #expect(client.say(.negentropyClose("a")) == [.dropSet(1)])
        #expect(client.session.openSubscriptions == 1)
    }

    @Test func `opening an id again replaces what it named, whatever state that is in`() {
        var client = Conversation.reconciling()
        _ = client.open("n")
        #expect(client.open("n", Self.notes) == [.dropSet(0)], "one reading at a time")
        #expect(client.gathered(0) == [.gather(1, Self.notes)])
        _ = client.gathered(1)
        #expect(client.open("n") == [.dropSet(1)])
        #expect(client.reconciled(1) == [.gather(2)], "nobody wants that answer")
        _ = client.gathered(2)
        _ = client.reconciled(2)
        #expect(client.open("n") == [.dropSet(2), .gather(3)])
        #expect(client.session.openReconciliations == 1)
    }

    @Test func `a close while the set is read ends it, and what is reported later changes nothing`() {
        for report in [GatherReport.more, .ready, .tooMany(most: 1), .noRoom, .failed(.fault)] {
            var client = Conversation.reconciling()
            _ = client.open("n")
            #expect(client.say(.negentropyClose("n")) == [.dropSet(0)])
            #expect(client.gathered(0, report).isEmpty)
            #expect(client.open("n") == [.gather(1)])
        }
    }

    @Test func `it sees the events that were sent before it`() {
        var client = Conversation.reconciling()
        _ = client.publish(Sample.a)
        #expect(client.open("n").isEmpty)
        #expect(client.judged(0) == [.ok(Sample.a), .gather(0)])
    }

    @Test func `a set and a request take turns, page by page`() {
        var client = Conversation.reconciling()
        _ = client.open("n")
        #expect(client.request("a") == [.watch(0, "a"), .open(1, "a")])
        #expect(client.gathered(0, .more) == [.read(1)])
        #expect(client.page(1, .more(at: 1)) == [.sendPage(1), .gather(0)])
        #expect(client.gathered(0, .more) == [.read(1)])
    }

    @Test func `sets beyond what may be read at once wait for one that is read`() {
        var bounds = SessionLimits()
        bounds.runningScans = 1
        var client = Conversation.reconciling(bounds: bounds)
        _ = client.open("a")
        #expect(client.open("b").isEmpty)
        #expect(client.gathered(0, .more) == [.gather(0)])
        #expect(client.gathered(0) == [.gather(1)])
        #expect(client.gathered(1) == [.reconcile(0, "a")])
        #expect(client.reconciled(0) == [.sendAnswer(0), .reconcile(1, "b")])
    }

    @Test func `nothing is read for a client that does not read`() {
        var client = Conversation.reconciling()
        client.reconcile("n", as: 0)
        client.session.isWritable = false
        #expect(client.tell("n").isEmpty && client.open("m").isEmpty)
        #expect(client.session.reduce(.writability(true)) == [.reconcile(0, "n")])
        #expect(client.reconciled(0) == [.sendAnswer(0), .gather(1)])
    }

    @Test func `messages that take too much room wait until others are answered`() {
        var bounds = SessionLimits()
        bounds.reconciliationBytes = 150
        var client = Conversation.reconciling(bounds: bounds)
        _ = client.open("a", size: 100)
        #expect(client.open("b", size: 100).isEmpty)
        #expect(client.open("c").isEmpty)
        #expect(client.session.openReconciliations == 2)
        #expect(client.gathered(0) == [.gather(1)])
        #expect(client.session.openReconciliations == 3, "the first message is short once it is text alone")
    }
}
