// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOHTTP1
import NostrCore
import TweetCore

// Everything that helps to decide about one item.
extension ModerationServer {
    func detail(_ number: UInt64) async throws(ModerationRefusal) -> ItemDetail {
        let found: ItemDetail?
        do throws(BridgeStoreError) { found = try await read(number) } catch { throw .unavailable }
        guard let found else { throw ModerationRefusal(.notFound, "There is no item #\(number).") }
        return found
    }

    private func read(_ number: UInt64) async throws(BridgeStoreError) -> ItemDetail? {
        guard let item = try store.item(number) else { return nil }
        var names = AccountNames(store)
        var detail = ItemDetail(
            line: try line(item, &names), text: item.preview,
            preview: .none("What it was about is not kept any more."))
        switch item.subject {
        case .post(let id): try await describe(id, &detail, &names)
        case .job(let number): try describe(job: number, &detail)
        }
        detail.trail = try store.audit(of: number, limit: limits.trail)
        return detail
    }

    private func describe(
        _ id: PostID, _ detail: inout ItemDetail, _ names: inout AccountNames
    ) async throws(BridgeStoreError) {
        detail.add("At X", id.url)
        guard let row = try store.post(id) else { return }
        let post = row.snapshot.post
        detail.text = post.plainText
        detail.add("Author", row.snapshot.author?.name)
        detail.add("Written", post.createdAt.map { UTCMoment.text($0) })
        detail.add("Language", post.language)
        detail.isSensitive = post.isSensitive || row.snapshot.referenced(.retweeted)?.post.isSensitive == true
        detail.add("Sensitive", detail.isSensitive ? "yes" : nil)
        detail.add("Version", post.versions.count > 1 ? "\(post.versions.count), edited" : nil)
        if let state = try store.state(of: id) {
            detail.add(
                "Became", [state.fate.rawValue, state.reason].filter { !$0.isEmpty }.joined(separator: ": "))
        }
        for reference in post.references {
            let known = row.snapshot.referenced(reference.kind)
            var who = known?.author.map { "@\($0.handle)" }
            if who == nil, let author = known?.post.author { who = try names[author] }
            detail.references.append(
                .init(
                    kind: reference.kind, who: who ?? "", url: reference.id.url, text: known?.post.plainText))
        }
        let shown = row.snapshot.referenced(.retweeted) ?? row.snapshot
        detail.media = shown.media.map { medium in
            ItemDetail.Medium(
                type: medium.type, url: medium.file ?? medium.preview ?? "",
                alternativeText: medium.alternativeText, picture: try? bridge?.picture(of: medium))
        }
        detail.preview = try await preview(of: row)
    }

    private func preview(of row: PostRow) async throws(BridgeStoreError) -> ItemDetail.Preview {
        let id = row.snapshot.post.id
        if let mirror = try store.mirror(id) {
            guard mirror.isStanding,
                let event = try mirror.id.flatMap({ event throws(BridgeStoreError) in try store.signed(event)
                })
            else {
                return .none("Its event was taken back.")
            }
            let published = UnsignedEvent(
                pubkey: event.pubkey, createdAt: event.createdAt, kind: event.kind, tags: event.tags,
                content: event.content)
            return .events([published], isPublished: true)
        }
        guard let bridge else { return .none("The bridge is starting.") }
        do {
            let events = try await bridge.preview(of: row)
            return events.isEmpty
                ? .none("Reposts are left out: no event would be made of it.")
                : .events(events, isPublished: false)
        } catch { return .none("It can become no event: \(error)") }
    }

    private func describe(job number: UInt64, _ detail: inout ItemDetail) throws(BridgeStoreError) {
        guard let job = try store.job(number) else { return }
        detail.add("Job", "\(job.number), \(job.state.rawValue)")
        detail.add("Attempts", job.attempts > 0 ? "\(job.attempts)" : nil)
        detail.add("Last error", job.lastError)
        if let made = try store.wasSending(job).1 { detail.add("At X", made.url) }
        guard !job.payload.isEmpty else {
            detail.preview = .none("It is done; what it said is kept above only.")
            return
        }
        do throws(OutboundOrder.Refusal) {
            let order = try OutboundOrder(job.action, payload: Array(job.payload.utf8))
            if case .post(let draft, _) = order { detail.text = draft.text }
            detail.preview = .order(order)
        } catch { detail.preview = .none("It cannot be done: \(error.description).") }
    }
}

extension ItemDetail {
    fileprivate mutating func add(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { facts.append(Fact(name: name, value: value)) }
    }
}
