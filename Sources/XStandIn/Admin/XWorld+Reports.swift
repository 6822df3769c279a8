// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    func state() -> JSON {
        [
            "now": .text(now.iso), "users": .number(Int64(users.count)), "posts": .number(Int64(postCount)),
            "versions": .number(Int64(posts.count)), "media": .number(Int64(media.count)),
            "media_bytes": .number(Int64(mediaBytes)), "requests": .number(Int64(requestCount)),
            "streams": .number(Int64(openStreams)),
            "subscriptions": .array(subscriptions.map { .text($0.eventType) }),
            "events_delivered": .number(Int64(deliveredEvents)),
            "faults_waiting": .number(Int64(faults.faults.count)),
            "faults_happened": .number(Int64(faults.happened)), "spent_micro_dollars": .number(spend.total),
        ]
    }

    func spendReport() -> JSON {
        let items = SpendCounter.Item.allCases.filter { spend.countByItem[$0] != nil }
        return [
            "total_micro_dollars": .number(spend.total),
            "credits_micro_dollars": settings.credits.map { .number($0) } ?? .null,
            "items": .object(
                items.map { item in
                    let report: JSON = [
                        "count": .number(spend.countByItem[item] ?? 0),
                        "micro_dollars": .number(spend.byItem[item] ?? 0),
                    ]
                    return .init(name: item.rawValue, value: report)
                }),
            "days": .object(
                spend.byDay.sorted { $0.key < $1.key }.map { day, sum in
                    .init(name: XInstant(milliseconds: day * 86_400_000).dateText, value: .number(sum))
                }),
        ]
    }

    func requestReport(latest: Int) -> JSON {
        [
            "counts": .object(
                requests.counts.sorted { $0.key < $1.key }.map {
                    .init(name: $0.key, value: .number(Int64($0.value)))
                }),
            "requests": .array(
                requests.latest(max(0, latest)).map { request in
                    [
                        "number": .number(Int64(request.number)), "at": .text(request.at.iso),
                        "method": .text(request.method), "target": .text(request.target),
                        "credential": request.credential.map { .text($0) } ?? .null,
                        "status": .number(Int64(request.status)),
                        "billed_micro_dollars": .number(request.billed),
                    ]
                }),
        ]
    }

    static func json(_ user: XUser) -> JSON {
        [
            "id": .id(user.id), "username": .text(user.username), "name": .text(user.name),
            "protected": .bool(user.isProtected), "standing": .text(user.standing.rawValue),
        ]
    }
}
