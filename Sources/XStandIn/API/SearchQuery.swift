// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a search asks for.
///
/// ```
///   any   = all ("OR" all)*           all = not (not)*
///   not   = "-"? term                 term = "(" any ")" | operator | "\"phrase\"" | word
/// ```
indirect enum SearchQuery: Hashable {
    case any([SearchQuery])
    case all([SearchQuery])
    case not(SearchQuery)
    case mention(String)
    case to(String)
    case from(String)
    case quotes(XPostID)
    case replies(XPostID)
    case conversation(XPostID)
    case repostsOf(String)
    case url(String)
    case hashtag(String)
    case cashtag(String)
    case word(String)
    case isRepost
    case isReply
    case isQuote
    case hasMedia
    case hasLinks
    case language(String)

    /// Why a query cannot be read.
    struct Fault: Error {
        var message: String
    }

    /// Reads a query.
    init(_ text: String) throws(Fault) {
        var tokens = try Self.tokens(of: text)[...]
        self = try Self.readAny(&tokens, depth: 0)
        if let rest = tokens.first { throw Fault(message: "no viable alternative at input '\(rest)'") }
        guard isStandalone else {
            throw Fault(message: "Rules must contain at least one positive, standalone operator")
        }
    }

    /// Whether it finds something by itself: `-` and what only narrows do not.
    private var isStandalone: Bool {
        switch self {
        case .any(let parts): parts.allSatisfy(\.isStandalone)
        case .all(let parts): parts.contains(where: \.isStandalone)
        case .not, .isRepost, .isReply, .isQuote, .hasMedia, .hasLinks, .language: false
        default: true
        }
    }

    private static func tokens(of text: String) throws(Fault) -> [String] {
        var (tokens, word, isQuoted): ([String], String, Bool) = ([], "", false)
        func flush() {
            if !word.isEmpty { tokens.append(word) }
            word = ""
        }
        for letter in text {
            if letter == "\"" {
                word.append(letter)
                isQuoted.toggle()
            } else if isQuoted {
                word.append(letter)
            } else if letter.isWhitespace {
                flush()
            } else if letter == "(" {
                // `-(…)`: the sign stays a token of its own.
                flush()
                tokens.append("(")
            } else if letter == ")" {
                flush()
                tokens.append(")")
            } else {
                word.append(letter)
            }
        }
        flush()
        if isQuoted { throw Fault(message: "missing '\"' at the end") }
        return tokens
    }

    private static func readAny(_ tokens: inout ArraySlice<String>, depth: Int) throws(Fault) -> SearchQuery {
        guard depth < 32 else { throw Fault(message: "too deep") }
        var parts = [try readAll(&tokens, depth: depth)]
        while tokens.first == "OR" {
            tokens.removeFirst()
            parts.append(try readAll(&tokens, depth: depth))
        }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private static func readAll(_ tokens: inout ArraySlice<String>, depth: Int) throws(Fault) -> SearchQuery {
        var parts: [SearchQuery] = []
        while let token = tokens.first, token != "OR", token != ")" {
            tokens.removeFirst()
            switch token {
            case "(", "-":
                if token == "-", tokens.popFirst() != "(" { throw Fault(message: "nothing after '-'") }
                let inner = try readAny(&tokens, depth: depth + 1)
                guard tokens.popFirst() == ")" else { throw Fault(message: "missing ')'") }
                parts.append(token == "-" ? .not(inner) : inner)
            case _ where token.hasPrefix("-"): parts.append(.not(try read(token.dropFirst())))
            default: parts.append(try read(token[...]))
            }
        }
        guard let first = parts.first else { throw Fault(message: "an expression is missing") }
        return parts.count == 1 ? first : .all(parts)
    }

    private static func read(_ token: Substring) throws(Fault) -> SearchQuery {
        if token.hasPrefix("\"") { return .word(token.filter { $0 != "\"" }.lowercased()) }
        if let colon = token.firstIndex(of: ":"), colon != token.startIndex {
            return try readOperator(
                token[..<colon], String(token[token.index(after: colon)...].filter { $0 != "\"" }))
        }
        let rest = token.dropFirst().lowercased()
        switch token.first {
        case "@" where isHandle(rest): return .mention(rest)
        case "#" where !rest.isEmpty: return .hashtag(rest)
        case "$" where !rest.isEmpty: return .cashtag(rest)
        case nil, "@", "#", "$": throw Fault(message: "'\(token)' is not an operator")
        default: return .word(token.lowercased())
        }
    }

    private static func readOperator(_ name: Substring, _ value: String) throws(Fault) -> SearchQuery {
        func handle() throws(Fault) -> String {
            let name = value.hasPrefix("@") ? String(value.dropFirst()) : value
            // A number names an account, too.
            guard isHandle(name) || Snowflake.id(name) != nil else {
                throw Fault(message: "'\(value)' is not a valid username")
            }
            return name.lowercased()
        }
        func id() throws(Fault) -> XPostID {
            guard let id = Snowflake.id(value) else { throw Fault(message: "'\(value)' is not a valid id") }
            return id
        }
        switch (String(name), value) {
        case ("to", _): return .to(try handle())
        case ("from", _): return .from(try handle())
        case ("retweets_of", _): return .repostsOf(try handle())
        case ("quotes_of_tweet_id", _): return .quotes(try id())
        case ("in_reply_to_tweet_id", _): return .replies(try id())
        case ("conversation_id", _): return .conversation(try id())
        case ("url", _) where !value.isEmpty: return .url(value.lowercased())
        case ("is", "retweet"): return .isRepost
        case ("is", "reply"): return .isReply
        case ("is", "quote"): return .isQuote
        case ("has", "media"): return .hasMedia
        case ("has", "links"): return .hasLinks
        case ("lang", _): return .language(value)
        default:
            throw Fault(
                message:
                    "Reference to invalid operator '\(name)'. Operator is not available in current product or product packaging."
            )
        }
    }
}
