// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport

// Strangers' words among these are names of repositories and URLs of relays, nothing else.
extension StatusSection {
    static func health(_ report: StatusReport) -> HTML {
        let parts: [HTML] = report.health.map {
            "<li class=\"\($0.standing.rawValue)\"><b>\($0.name)</b> \($0.words)</li>"
        }
        return "<ul class=\"health\">\(parts)</ul>"
    }

    static func tiles(_ figures: [StatusReport.Figure]) -> HTML {
        let tiles: [HTML] = figures.map {
            "<div><dt>\($0.label)</dt><dd id=\"now-\($0.name)\">\(StatusWords.text($0.amount))</dd></div>"
        }
        return "<dl class=\"tiles\">\(tiles)</dl>"
    }

    static func queues(_ queues: [StatusReport.Queue]) -> HTML {
        let rows: [HTML] = queues.map { queue in
            let words: (Int) -> String = {
                queue.isBytes ? StatusWords.bytes(Double($0)) : StatusWords.count($0)
            }
            return """
                <tr><th scope="row">\(queue.label)</th>
                <td><meter min="0" max="\(queue.bound)" high="\(queue.bound / 4 * 3)" value="\(queue.waiting)"></meter></td>
                <td class="number">\(words(queue.waiting)) <small>of \(words(queue.bound))</small></td></tr>

                """
        }
        return """
            <table><caption class="unseen">What waits, and how much may</caption>
            <thead class="unseen"><tr><th scope="col">Queue</th><th scope="col">Fill</th><th scope="col">Waiting</th></tr></thead>
            <tbody>\(rows)</tbody></table>
            """
    }

    static func upstreams(_ list: StatusReport.Listing<StatusReport.Upstream>) -> HTML {
        guard !list.items.isEmpty else {
            return "<p class=\"empty\">Nothing is gathered from other relays.</p>"
        }
        let rows: [HTML] = list.items.map { relay in
            let name = relay.url.map(shortened(url:)) ?? "one of the operator's own"
            let tried = StatusWords.plural(relay.failedAttempts, "attempt", "attempts")
            return """
                <tr><th scope="row">\(name)</th>
                <td><span class="state \(relay.standing.rawValue)">\(relay.state)</span>\
                \(relay.failedAttempts > 1 ? " <small>\(tried)</small>" : .none)</td>
                <td class="number">\(StatusWords.count(relay.complete)) <small>of \(StatusWords.count(relay.wanted))</small></td>
                <td class="number">\(StatusWords.count(relay.repositories))</td>
                <td>\(relay.heardAgo.map(StatusWords.ago) ?? "–")</td>
                <td>\(behind(relay))</td><td>\(relay.next)</td></tr>

                """
        }
        return """
            <table><caption class="unseen">Relays that are gathered from, the troubled ones first</caption>
            <thead><tr><th scope="col">Relay</th><th scope="col">State</th><th scope="col" class="number">Complete</th>
            <th scope="col" class="number">Repositories</th><th scope="col">Heard</th><th scope="col">Behind</th>
            <th scope="col">Next</th></tr></thead>
            <tbody>\(rows)</tbody></table>\(more(list.more, "relay", "relays"))
            """
    }

    private static func behind(_ relay: StatusReport.Upstream) -> String {
        switch relay.behind {
        case nil: "not read yet"
        case 0?: "live"
        case let seconds?: StatusWords.span(seconds)
        }
    }

    static func repositories(_ list: StatusReport.Listing<StatusReport.Repository>) -> HTML {
        guard !list.items.isEmpty else { return "<p class=\"empty\">No repository is followed yet.</p>" }
        let rows: [HTML] = list.items.map { repository in
            let (name, identifier) = (repository.name, repository.identifier)
            let relays = repository.relays.prefix(3).map(shortened(url:))
            let more = repository.relays.count - relays.count
            return """
                <tr><th scope="row"><bdi>\(ForeignText(most: 60).line(name.isEmpty ? identifier : name))</bdi>
                <small><bdi>\(ForeignText(most: 60).line(identifier))</bdi> · \
                <span title="\(repository.owner)">\(shortened(repository.owner))</span></small></th>
                <td class="number">\(StatusWords.count(repository.roots))</td>
                <td class="relays">\(relays.joined(separator: ", "))\(more > 0 ? " <small>and \(more) more</small>" : .none)</td></tr>

                """
        }
        return """
            <table><caption class="unseen">Repositories that are followed, those with most patches, pull requests and issues first</caption>
            <thead><tr><th scope="col">Repository</th><th scope="col" class="number">Patches, PRs, issues</th>
            <th scope="col">Relays</th></tr></thead>
            <tbody>\(rows)</tbody></table>\(more(list.more, "repository", "repositories"))
            """
    }

    static func problems(_ list: StatusReport.Listing<StatusReport.Problem>, at now: Int64) -> HTML {
        guard !list.items.isEmpty else { return "<p class=\"empty\">None since the start.</p>" }
        let rows: [HTML] = list.items.map { problem in
            let times =
                problem.count > 1 ? "\(StatusWords.plural(problem.count, "time", "times")), last " : ""
            return """
                <li class="\(problem.isError ? "bad" : "fair")"><b>\(problem.source)</b> \(problem.words)
                <small>\(times)<time datetime="\(StatusWords.moment(problem.last))Z">\
                \(StatusWords.ago(Int(max(0, now - problem.last))))</time></small></li>

                """
        }
        return "<ul class=\"problems\">\(rows)</ul>\(more(list.more, "kind of problem", "kinds of problems"))"
    }

    private static func more(_ count: Int, _ one: String, _ many: String) -> HTML {
        count > 0 ? "<p class=\"more\">and \(StatusWords.plural(count, one, many)) more</p>" : .none
    }

    /// Without what almost all of them begin with.
    private static func shortened(url: String) -> String {
        let text = url.hasPrefix("wss://") ? String(url.dropFirst(6)) : url
        return ForeignText(most: 60).line(text)
    }

    private static func shortened(_ key: String) -> String {
        key.count > 20 ? "\(key.prefix(12))…\(key.suffix(6))" : key
    }
}
