// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A route of the API.
enum APIRoute: String, Hashable, Sendable, CaseIterable {
    case userPosts = "GET /2/users/:id/tweets"
    case mentions = "GET /2/users/:id/mentions"
    case search = "GET /2/tweets/search/recent"
    case quotes = "GET /2/tweets/:id/quote_tweets"
    case posts = "GET /2/tweets"
    case post = "GET /2/tweets/:id"
    case usersByName = "GET /2/users/by"
    case userByName = "GET /2/users/by/username/:username"
    case users = "GET /2/users"
    case user = "GET /2/users/:id"
    case me = "GET /2/users/me"
    case usage = "GET /2/usage/tweets"
    case create = "POST /2/tweets"
    case delete = "DELETE /2/tweets/:id"
    case stream = "GET /2/activity/stream"
    case subscriptions = "GET /2/activity/subscriptions"
    case subscribe = "POST /2/activity/subscriptions"
    case resubscribe = "PUT /2/activity/subscriptions/:id"
    case unsubscribe = "DELETE /2/activity/subscriptions/:id"
    case unsubscribeMany = "DELETE /2/activity/subscriptions"

    /// The method and the parts of the path.
    private static let templates: [(route: APIRoute, method: Substring, parts: [Substring])] = allCases.map {
        route in
        let words = route.rawValue.split(separator: " ")
        return (route, words[0], words[1].split(separator: "/"))
    }

    /// The route of a request, and what stands where its template has a colon. A literal part wins over a parameter.
    static func match(_ method: String, _ path: String) -> (route: APIRoute, parameter: String?)? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        var best: (route: APIRoute, parameter: String?)?
        for template in templates where template.method == method && template.parts.count == parts.count {
            var parameter: String?
            let fits = zip(template.parts, parts).allSatisfy { part, given in
                if part.hasPrefix(":") { parameter = String(given) }
                return part.hasPrefix(":") || part == given
            }
            guard fits else { continue }
            if parameter == nil { return (template.route, nil) }
            best = best ?? (template.route, parameter)
        }
        return best
    }
}
