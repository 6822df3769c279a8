// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport
import TweetCore

/// One page of a list, as it is shown.
struct ListedItems: Sendable {
    var query: ModerationQuery
    var lines: [ItemLine]
    /// Where the next page begins.
    var next: UInt64?
    /// How many there are of each, up to ``ModerationLimits/counted``.
    var counts: [ModerationState: Int] = [:]
}

extension ModerationPages {
    func list(_ page: ListedItems, reader: Reader, notice: Notice? = nil) -> HTML {
        let decidable = reader.mayDecide && page.lines.contains { !$0.verdicts.isEmpty }
        return frame(
            page.query.state.label, reader: reader, notice: notice,
            """
            <nav class="tabs" aria-label="States">\(tabs(page))</nav>
            \(filters(page.query))
            \(page.lines.isEmpty ? empty(page.query) : items(page, reader, decidable: decidable))
            \(pager(page))
            """)
    }

    private func tabs(_ page: ListedItems) -> HTML {
        let tabs: [HTML] = ModerationState.allCases.map { state in
            let count = page.counts[state] ?? 0
            let shown = count >= limits.counted ? "\(limits.counted)+" : "\(count)"
            let current: HTML = state == page.query.state ? " aria-current=\"page\"" : .none
            return
                "<a href=\"\(page.query.with(state).path)\"\(current)>\(state.label) <small>\(shown)</small></a>"
        }
        return "\(tabs)"
    }

    private func filters(_ query: ModerationQuery) -> HTML {
        let kinds: [HTML] = [(nil, "Everything"), ("post", "Posts to mirror"), ("job", "Jobs for X")].map {
            (kind: String?, label: String) in
            let chosen: HTML = kind == query.kind?.rawValue ? " selected" : .none
            return "<option value=\"\(kind ?? "")\"\(chosen)>\(label)</option>"
        }
        let clear: HTML =
            query.isFiltered
            ? "<a href=\"\(ModerationPath.root)?state=\(query.state.rawValue)\">Clear</a>" : .none
        return """
            <form class="filters" method="get" action="\(ModerationPath.root)">
            <input type="hidden" name="state" value="\(query.state.rawValue)">
            <input name="account" value="\(query.account ?? "")" placeholder="Account" aria-label="Account" maxlength="64">
            <input name="rule" value="\(query.rule ?? "")" placeholder="Rule" aria-label="Rule" maxlength="200">
            <select name="kind" aria-label="Kind">\(kinds)</select>
            <button class="plain">Filter</button>\(clear)</form>
            """
    }

    private func empty(_ query: ModerationQuery) -> HTML {
        query.isFiltered || query.after != nil
            ? "<p class=\"empty\">Nothing here that fits.</p>"
            : "<p class=\"empty\">Nothing is \(query.state.rawValue).</p>"
    }

    private func items(_ page: ListedItems, _ reader: Reader, decidable: Bool) -> HTML {
        let rows = page.lines.map { row($0, decidable: decidable) }
        guard decidable else { return "<ol class=\"items\">\(rows)</ol>" }
        let verdicts = ModerationDecision.Verdict.allCases.filter { verdict in
            page.lines.contains { $0.verdicts.contains(verdict) }
        }
        return """
            <form method="post" action="\(ModerationPath.decisions.text)">\(token(reader))
            <input type="hidden" name="back" value="\(page.query.text)">
            <ol class="items">\(rows)</ol>
            <div class="decide card">\(self.verdicts(verdicts))</div></form>
            """
    }

    private func row(_ line: ItemLine, decidable: Bool) -> HTML {
        let item = line.item
        let box: HTML =
            decidable && !line.verdicts.isEmpty
            ? "<input type=\"checkbox\" name=\"item\" value=\"\(line.name)\" aria-label=\"Choose item \(item.number)\">"
            : .none
        return """
            <li class="card item">\(box)<div class="what">
            <p class="head"><a href="\(ModerationPath.item(item.number).text)">#\(item.number)</a>
            <b>\(line.who)</b> <span class="action">\(line.action)</span>
            \(moment(item.createdAt))</p>
            <p class="text" dir="auto">\(ForeignText(most: limits.listedText).html(item.preview))</p>
            <p class="hits">\(hits(item.hits))</p></div></li>

            """
    }

    private func pager(_ page: ListedItems) -> HTML {
        let first: HTML =
            page.query.after == nil
            ? .none : "<a href=\"\(page.query.from(nil).path)\">First page</a>"
        let next: HTML =
            page.next.map { "<a rel=\"next\" href=\"\(page.query.from($0).path)\">Next page</a>" } ?? .none
        return "<nav class=\"pager\" aria-label=\"Pages\">\(first)\(next)</nav>"
    }
}
