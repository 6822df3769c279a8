// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import Testing

@Suite struct RequestLimitTests {
    @Test func `as many subscriptions as advertised are open, and only the next is refused`() {
        var limits = RelayLimits()
        limits.maxSubscriptions = 2
        var client = Conversation(limits: limits)
        client.live("a", scan: 0)
        client.live("b", scan: 1)
        #expect(client.request("c") == [.closed("c", "error: too many subscriptions, at most 2 may be open")])
        #expect(client.session.openSubscriptions == 2)
        #expect(client.request("b").contains(.eose("b")) == false)
        #expect(client.session.openSubscriptions == 2)
    }

    @Test func `all of some tags are asked for where that is offered, and nowhere else`() {
        let filters = [Filter(allTags: ["t": ["a", "b"]])]
        var features = RelayFeatures()
        for isOffered in [false, true] {
            features.allTags = isOffered
            for isCount in [false, true] {
                var client = Conversation(features: features)
                let actions = client.say(isCount ? .count("a", filters) : .request("a", filters))
                let refusal = SessionAction.closed(
                    "a", "unsupported: asking for all of some tags is not offered here")
                #expect(actions.contains(refusal) == !isOffered)
            }
        }
    }

    @Test func `words are searched for where that is offered, and so many at a time`() throws {
        var features = RelayFeatures()
        let search = Filter(search: try SearchQuery("nest"))
        let extensions = Filter(search: try SearchQuery("language:en"))
        for isOffered in [false, true] {
            features.search = isOffered
            for isCount in [false, true] {
                func answers(_ filters: [Filter]) -> [SessionAction] {
                    var client = Conversation(features: features)
                    return client.say(isCount ? .count("a", filters) : .request("a", filters))
                }
                for filter in [search, extensions] {
                    let refusal = SessionAction.closed("a", "unsupported: search is not offered here")
                    #expect(answers([filter]).contains(refusal) == !isOffered)
                }
                let tooMany = SessionAction.closed("a", "invalid: too many searches, at most 8 in a request")
                #expect(answers(Array(repeating: search, count: 9)).contains(tooMany) == isOffered)
                #expect(!answers(Array(repeating: search, count: 8)).contains(tooMany))
                #expect(!answers(Array(repeating: extensions, count: 9)).contains(tooMany))
            }
        }
    }

    @Test(arguments: [(2, true), (3, false)])
    func `a request has at most as many filters as advertised`(count: Int, isServed: Bool) {
        var limits = RelayLimits()
        limits.maxFilters = 2
        for isCount in [false, true] {
            var client = Conversation(limits: limits)
            let filters = (0..<count).map { Filter(kinds: [Kind(UInt16($0))]) }
            let actions = client.say(isCount ? .count("a", filters) : .request("a", filters))
            let refusal = SessionAction.closed("a", "invalid: too many filters, at most 2 in a request")
            #expect(actions.contains(refusal) == !isServed)
        }
    }

    @Test(arguments: [("🐦", 64, true), ("🐦", 65, false), ("a", 64, true), ("a", 65, false)])
    func `a subscription id is measured in characters`(character: String, count: Int, isServed: Bool) {
        var client = Conversation()
        let id = SubscriptionID(TagValue(String(repeating: character, count: count)))
        let refusal = SessionAction.closed(id, "invalid: a subscription id has at most 64 characters")
        #expect(client.request(id).contains(refusal) == !isServed)
    }

    @Test func `an empty id and a request without filters are refused`() {
        var client = Conversation()
        #expect(client.request("") == [.closed("", "invalid: a subscription id is not empty")])
        #expect(client.request("a", []) == [.closed("a", "invalid: a request has at least one filter")])
    }

    @Test func `open requests are bounded in bytes together`() {
        var bounds = SessionLimits()
        bounds.subscriptionBytes = 250
        var client = Conversation(bounds: bounds)
        client.live("a", scan: 0)
        client.live("b", scan: 1)
        #expect(client.request("c") == [.closed("c", "error: the open subscriptions are too large together")])
        _ = client.say(.close("a"))
        #expect(client.request("c").first == .watch(0, "c"))
    }

    @Test func `a refused request ends the open subscription of that id, as CLOSED says`() {
        var client = Conversation()
        client.live("a")
        #expect(
            client.session.reduce(
                .unusable(.badRequest("a", .unsupported("unknown key")), size: 9, at: .zero)) == [
                    .unwatch(0), .closed("a", "unsupported: unknown key"),
                ])
        #expect(client.session.openSubscriptions == 0)
    }
}
