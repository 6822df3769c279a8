// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayTransport
import TweetCore

extension ModerationPages {
    /// What happened to all items, a page of it.
    ///
    /// - Parameter next: the query of the next page.
    func trail(_ entries: [AuditEntry], next: String?, reader: Reader) -> HTML {
        let more: HTML =
            next.map { "<a rel=\"next\" href=\"\(ModerationPath.trail.text)?\($0)\">Next page</a>" } ?? .none
        return frame(
            "Trail", reader: reader, notice: nil,
            """
            <h1>Trail</h1>\(entries.isEmpty ? "<p class=\"empty\">Nothing has happened yet.</p>" : trail(entries, showsItems: true))
            <nav class="pager" aria-label="Pages">\(more)</nav>
            """)
    }

    func trail(_ entries: [AuditEntry], showsItems: Bool) -> HTML {
        let lines: [HTML] = entries.map { entry in
            let link: HTML =
                showsItems ? "<a href=\"\(ModerationPath.item(entry.item).text)\">#\(entry.item)</a>" : .none
            let reason: HTML =
                entry.reason.isEmpty
                ? .none : "<p class=\"text\" dir=\"auto\">\(ForeignText(most: 1_000).html(entry.reason))</p>"
            return """
                <li>\(moment(entry.at)) \(link) \(state(entry.to)) <span>\(entry.actor.label)</span>\(reason)</li>

                """
        }
        return "<ol class=\"trail\">\(lines)</ol>"
    }

    /// Who moderates; only shown.
    func moderators(_ moderators: [Moderator], reader: Reader) -> HTML {
        let rows: [HTML] = moderators.map { moderator in
            """
            <tr><td><b>\(moderator.name)</b></td><td>\(moderator.role.rawValue)</td>
            <td>\(moderator.tokenHash == nil ? "no token" : "token")</td>
            <td><code>\(moderator.publicKey?.npub ?? "")</code></td><td>\(moment(moderator.addedAt))</td></tr>

            """
        }
        return frame(
            "Moderators", reader: reader, notice: nil,
            """
            <h1>Moderators</h1><div class="wide"><table>\(rows)</table></div>
            <p class="hint">They are appointed and dismissed with <code>rookery bridge moderator</code>.</p>
            """)
    }
}

extension Actor {
    /// For people: `ann, on the web`.
    var label: String {
        switch self {
        case .rules: "the rules"
        case .moderator(let name, .web): "\(name), on the web"
        case .moderator(let name, .commandLine): "\(name), by command"
        case .moderator(let name, .nostr): "\(name), over Nostr"
        case .worker(let name): name
        }
    }
}
