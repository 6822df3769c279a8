// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOHTTP1
import NostrCore
import RelayTransport
import TweetCore

// What is shown to whom.
extension ModerationServer {
    func showList(
        _ query: ModerationQuery, _ visitor: Visitor, status: HTTPResponseStatus = .ok,
        notice given: ModerationPages.Notice? = nil
    ) throws(ModerationRefusal) -> HTTPResponse {
        var page = try listed(query, most: limits.page)
        do throws(BridgeStoreError) {
            for state in ModerationState.allCases {
                page.counts[state] = try store.count(state, upTo: limits.counted)
            }
        } catch { throw .unavailable }
        let notice = given ?? takeNotice(of: visitor)
        return .page(status, pages.list(page, reader: visitor.reader, notice: notice))
    }

    func showItem(
        _ number: UInt64, _ visitor: Visitor, status: HTTPResponseStatus = .ok,
        notice given: ModerationPages.Notice? = nil
    ) async throws(ModerationRefusal) -> HTTPResponse {
        let detail = try await detail(number)
        let notice = given ?? takeNotice(of: visitor)
        return .page(status, pages.item(detail, reader: visitor.reader, notice: notice))
    }

    func showTrail(_ request: HTTPRequest, _ visitor: Visitor) throws(ModerationRefusal) -> HTTPResponse {
        let fields = FormFields(target: request.target)
        let most = limits.page * 2
        do throws(BridgeStoreError) {
            let entries = try store.audit(before: fields.auditEntry, limit: most)
            let next = entries.count == most ? entries.last.map(FormFields.spelled) : nil
            return .page(.ok, pages.trail(entries, next: next, reader: visitor.reader))
        } catch { throw .unavailable }
    }

    func showModerators(_ visitor: Visitor) throws(ModerationRefusal) -> HTTPResponse {
        guard visitor.moderator.role >= .admin else {
            throw ModerationRefusal(.forbidden, "Only admins see who moderates.")
        }
        do { return .page(.ok, pages.moderators(try store.moderators(), reader: visitor.reader)) } catch {
            throw .unavailable
        }
    }

    /// A page of items.
    func listed(_ query: ModerationQuery, most: Int) throws(ModerationRefusal) -> ListedItems {
        do throws(BridgeStoreError) {
            let account = try query.account.map { name throws(BridgeStoreError) in try user(name) } ?? nil
            var names = AccountNames(store)
            var page = ListedItems(query: query, lines: [])
            var (cursor, scanned) = (query.after, 0)
            while scanned < limits.scanned {
                let batch =
                    query.isOldestFirst
                    ? try store.items(query.state, after: cursor, limit: most + 1)
                    : try store.items(query.state, before: cursor, limit: most + 1)
                for item in batch {
                    if query.matches(item, account: account) {
                        // One more than fits is there: what follows begins behind the last that did.
                        guard page.lines.count < most else {
                            page.next = page.lines.last?.item.number
                            return page
                        }
                        page.lines.append(try line(item, &names))
                    }
                    cursor = item.number
                    scanned += 1
                }
                guard batch.count == most + 1 else { return page }
            }
            page.next = cursor
            return page
        } catch { throw .unavailable }
    }

    func line(_ item: ModerationItem, _ names: inout AccountNames) throws(BridgeStoreError) -> ItemLine {
        let action: String
        switch item.subject {
        case .post: action = "post"
        case .job(let number): action = try store.job(number)?.action ?? "job"
        }
        let who = try item.account.map { id throws(BridgeStoreError) in try names[id] } ?? ""
        return ItemLine(item: item, action: action, who: ForeignText(most: limits.nameText).line(who))
    }

    private func takeNotice(of visitor: Visitor) -> ModerationPages.Notice? {
        state.withLockedValue { $0.sessions.takeNotice(of: visitor.secret) }.map { .done($0) }
    }

    /// By handle or number.
    private func user(_ name: String) throws(BridgeStoreError) -> UserID? {
        if let handle = Handle(name), let id = try store.user(of: handle) { return id }
        return UserID(name)
    }
}

/// The handles of accounts, each looked up once.
struct AccountNames {
    private let store: BridgeStore
    private var known: [UserID: String] = [:]

    init(_ store: BridgeStore) { self.store = store }

    subscript(_ id: UserID) -> String {
        mutating get throws(BridgeStoreError) {
            if let name = known[id] { return name }
            let name = try store.user(id).map { "@\($0.user.handle)" } ?? id.description
            known[id] = name
            return name
        }
    }
}

extension FormFields {
    /// Where a page of the trail begins.
    fileprivate var auditEntry: AuditEntry? {
        guard let at = self["at"].flatMap({ Int64($0) }), let item = self["item"].flatMap({ UInt64($0) }),
            let revision = self["revision"].flatMap({ UInt32($0) })
        else { return nil }
        return AuditEntry(
            item: item, revision: revision, from: nil, to: .pending, actor: .rules, reason: "", at: at)
    }

    fileprivate static func spelled(_ entry: AuditEntry) -> String {
        spelled([("at", "\(entry.at)"), ("item", "\(entry.item)"), ("revision", "\(entry.revision)")])
    }
}
