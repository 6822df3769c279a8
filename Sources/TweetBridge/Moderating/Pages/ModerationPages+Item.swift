// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayTransport
import TweetCore

extension ModerationPages {
    func item(_ detail: ItemDetail, reader: Reader, notice: Notice? = nil) -> HTML {
        let item = detail.line.item
        return frame(
            "#\(item.number)", reader: reader, notice: notice,
            """
            <h1>#\(item.number) <b>\(detail.line.who)</b> <span class="action">\(detail.line.action)</span> \(state(item.state))</h1>
            <section class="card"><p class="text" dir="auto">\(ForeignText(most: limits.shownText).html(detail.text))</p>
            \(references(detail.references))\(media(detail.media, isSensitive: detail.isSensitive))
            <dl>\(facts(detail))</dl></section>
            \(decide(detail.line, reader))
            <section><h2>\(previewTitle(detail.preview))</h2>\(preview(detail.preview))</section>
            <section><h2>Trail</h2>\(trail(detail.trail, showsItems: false))</section>
            """)
    }

    private func facts(_ detail: ItemDetail) -> HTML {
        let facts: [HTML] = detail.facts.map {
            "<dt>\($0.name)</dt><dd>\(WebAddress.html($0.value))</dd>"
        }
        let hits = detail.line.item.hits
        return "\(facts)\(hits.isEmpty ? .none : "<dt>Rules</dt><dd>\(self.hits(hits))</dd>")"
    }

    private func references(_ references: [ItemDetail.Reference]) -> HTML {
        let quotes: [HTML] = references.prefix(10).map { reference in
            let text: HTML =
                reference.text.map {
                    "<p class=\"text\" dir=\"auto\">\(ForeignText(most: limits.shownText).html($0))</p>"
                } ?? .none
            return """
                <blockquote><p class="head">\(reference.kind.label) <b>\(reference.who)</b> \(WebAddress.html(reference.url))</p>\(text)</blockquote>
                """
        }
        return "\(quotes)"
    }

    private func media(_ media: [ItemDetail.Medium], isSensitive: Bool) -> HTML {
        let list: [HTML] = media.prefix(20).map { medium in
            let alternative = medium.alternativeText ?? ""
            let picture =
                medium.picture.map { self.picture($0, alternative, isSensitive: isSensitive) } ?? .none
            let told: HTML =
                alternative.isEmpty
                ? .none : "<p class=\"text\" dir=\"auto\">\(ForeignText(most: 1_000).html(alternative))</p>"
            return
                "<li>\(picture)<span class=\"chip\">\(ForeignText(most: 40).line(medium.type))</span> \(WebAddress.html(medium.url))\(told)</li>"
        }
        return list.isEmpty ? .none : "<ul class=\"media\">\(list)</ul>"
    }

    /// What is said to be sensitive is seen by those who want to.
    private func picture(_ path: String, _ alternative: String, isSensitive: Bool) -> HTML {
        let picture: HTML =
            "<img src=\"\(path)\" alt=\"\(ForeignText(most: 300).line(alternative))\" loading=\"lazy\">"
        return isSensitive ? "<details><summary>Show the picture</summary>\(picture)</details>" : picture
    }

    private func decide(_ line: ItemLine, _ reader: Reader) -> HTML {
        guard reader.mayDecide, !line.verdicts.isEmpty else { return .none }
        return """
            <form class="decide card" method="post" action="\(ModerationPath.decisions.text)">\(token(reader))
            <input type="hidden" name="item" value="\(line.name)">\(verdicts(line.verdicts))</form>
            """
    }

    private func previewTitle(_ preview: ItemDetail.Preview) -> String {
        switch preview {
        case .events(_, let isPublished): isPublished ? "The event" : "The event that it would be"
        case .order, .none: "What would be done"
        }
    }

    private func preview(_ preview: ItemDetail.Preview) -> HTML {
        switch preview {
        case .events(let events, let isPublished):
            let shown = events.map { event($0, isPublished: isPublished) }
            return "\(shown)"
        case .order(let order): return self.order(order)
        case .none(let why): return "<p class=\"empty\">\(ForeignText(most: 500).html(why))</p>"
        }
    }

    private func event(_ event: UnsignedEvent, isPublished: Bool) -> HTML {
        let tags: [HTML] = event.tags.prefix(limits.shownTags).map { tag in
            let words: [HTML] = tag.elements.prefix(20).map {
                "<code>\(ForeignText(most: limits.shownTagText).html($0.string))</code>"
            }
            return
                "<tr><td>\(words.first ?? .none)</td><td>\(HTML.joined(Array(words.dropFirst()), by: " "))</td></tr>"
        }
        let more = event.tags.count - tags.count
        let rest: HTML = more > 0 ? "<p class=\"hint\">… and \(more) tags more</p>" : .none
        return """
            <div class="card event"><dl><dt>Kind</dt><dd>\(event.kind.rawValue)</dd>
            <dt>Author</dt><dd><code>\(event.pubkey.npub)</code></dd>
            <dt>Dated</dt><dd>\(moment(event.createdAt.seconds &* 1_000))</dd>
            <dt>Id</dt><dd><code>\(event.id.hex)</code></dd></dl>
            <p class="text content" dir="auto">\(ForeignText(most: limits.shownText).html(event.content))</p>
            <div class="wide"><table class="tags">\(tags)</table></div>\(rest)</div>
            """
    }

    private func order(_ order: OutboundOrder) -> HTML {
        switch order {
        case .post(let draft, let event):
            let facts: [(String, String?)] = [
                ("In reply to", draft.inReplyTo.map(\.url)), ("Quotes", draft.quoting.map(\.url)),
                ("Media", draft.mediaIDs.isEmpty ? nil : draft.mediaIDs.joined(separator: ", ")),
                ("Who may reply", draft.replySettings), ("Of the event", event?.hex),
            ]
            let lines: [HTML] = facts.compactMap { name, value in
                value.map { "<dt>\(name)</dt><dd>\(WebAddress.html($0))</dd>" }
            }
            return """
                <div class="card"><p class="hint">This is posted on X.</p>
                <p class="text content" dir="auto">\(ForeignText(most: limits.shownText).html(draft.text))</p><dl>\(lines)</dl></div>
                """
        case .delete(let id, _):
            return
                "<div class=\"card\"><p class=\"hint\">This is deleted on X.</p><p>\(WebAddress.html(id.url))</p></div>"
        case .message:
            return "<p class=\"empty\">Direct messages are not supported by the API tier.</p>"
        }
    }
}

extension Post.Reference.Kind {
    fileprivate var label: String {
        switch self {
        case .retweeted: "Reposts"
        case .quoted: "Quotes"
        case .repliedTo: "Answers"
        }
    }
}
