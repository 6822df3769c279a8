// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension StatusReport {
    /// The same facts for programs: times in seconds since 1970, sizes in bytes, spans in seconds.
    func json(name: String) -> [UInt8] {
        var object = JSONObject()
        object.add("name", name)
        object.add("version", version)
        object.addUnlessEmpty("address", address ?? "")
        object.add("started_at", startedAt)
        object.add("at", at)
        object.add(
            "health",
            health.map { part in
                var object = JSONObject()
                object.add("part", part.name)
                object.add("standing", part.standing.rawValue)
                object.add("words", part.words)
                return object
            })
        object.add("now", Self.object(figures))
        object.add("last_minute", Self.object(rates))
        object.add("queues", queues.map(\.object))
        if let upstreams { object.add("upstreams", upstreams.object(\.object)) }
        if let repositories { object.add("repositories", repositories.object(\.object)) }
        if let problems { object.add("problems", problems.object(\.object)) }
        return object.text
    }

    private static func object(_ figures: [Figure]) -> JSONObject {
        var object = JSONObject()
        for figure in figures { object.add(figure.name, figure.amount) }
        return object
    }
}

extension JSONObject {
    fileprivate mutating func add(_ name: String, _ amount: StatusReport.Figure.Amount) {
        switch amount {
        case .count(let number), .bytes(let number), .span(let number): add(name, Int64(number))
        case .share(let number), .perSecond(let number), .bytesPerSecond(let number): add(name, number)
        }
    }
}

extension StatusReport.Queue {
    fileprivate var object: JSONObject {
        var object = JSONObject()
        object.add("queue", name)
        object.add("waiting", Int64(waiting))
        object.add("bound", Int64(bound))
        return object
    }
}

extension StatusReport.Listing {
    fileprivate func object(_ each: (Item) -> JSONObject) -> JSONObject {
        var object = JSONObject()
        object.add("total", Int64(total))
        object.add("listed", items.map(each))
        return object
    }
}

extension StatusReport.Upstream {
    fileprivate var object: JSONObject {
        var object = JSONObject()
        if let url { object.add("url", url) }
        object.add("standing", standing.rawValue)
        object.add("state", state)
        object.add("complete", Int64(complete))
        object.add("wanted", Int64(wanted))
        object.add("repositories", Int64(repositories))
        if let heardAgo { object.add("heard_seconds_ago", Int64(heardAgo)) }
        if let behind { object.add("behind_seconds", Int64(behind)) }
        object.add("failed_attempts", Int64(failedAttempts))
        object.add("next", next)
        return object
    }
}

extension StatusReport.Repository {
    fileprivate var object: JSONObject {
        var object = JSONObject()
        object.add("name", name)
        object.add("identifier", identifier)
        object.add("owner", owner)
        object.add("roots", Int64(roots))
        object.add("relays", texts: relays)
        return object
    }
}

extension StatusReport.Problem {
    fileprivate var object: JSONObject {
        var object = JSONObject()
        object.add("source", source)
        object.add("is_error", isError)
        object.add("words", words)
        object.add("count", Int64(count))
        object.add("last", last)
        return object
    }
}
