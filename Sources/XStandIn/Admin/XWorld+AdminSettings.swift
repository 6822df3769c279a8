// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    func settingsReport() -> JSON {
        [
            "vocabulary": .text(settings.vocabulary.rawValue),
            "rate_limit_body": .text(settings.rateLimitBody.rawValue),
            "monthly_cap": .number(settings.monthlyCap), "cap_status": .number(Int64(settings.capStatus)),
            "credits_micro_dollars": settings.credits.map { .number($0) } ?? .null,
            "names_credits_plainly": .bool(settings.namesCreditsPlainly),
            "not_found_status": .number(Int64(settings.notFoundStatus)),
            "kills_families": .bool(settings.killsFamilies),
            "query_length": .number(Int64(settings.queryLength)),
            "posts_per_page": settings.postsPerPage.map { .number(Int64($0)) } ?? .null,
            "ends_with_empty_page": .bool(settings.endsWithEmptyPage),
            "sends_daily_headers": .bool(settings.sendsDailyHeaders),
            "self_serve": .bool(settings.isSelfServe),
            "wrong_offsets": .bool(settings.hasWrongOffsets),
            "keeps_tweet_count": .bool(settings.keepsTweetCount),
            "short_link_base": .text(settings.shortLinkBase), "media_base": .text(settings.mediaBase),
            "bills_includes": .bool(settings.money.billsIncludes),
            "bills_delete_events": .bool(settings.money.billsDeleteEvents),
        ]
    }

    mutating func administerSettings(_ json: JSON) throws -> JSON {
        for member in json.members ?? [] {
            guard set(member.name, member.value) else {
                throw AdminMistake(
                    "\(member.name) is no setting, or its value does not fit; see GET /admin/settings")
            }
        }
        return settingsReport()
    }

    /// - Returns: false if there is no such setting, or the value does not fit.
    private mutating func set(_ name: String, _ value: JSON) -> Bool {
        switch name {
        case "vocabulary": set(\.vocabulary, value.string.flatMap { XSettings.Vocabulary(rawValue: $0) })
        case "rate_limit_body":
            set(\.rateLimitBody, value.string.flatMap { XSettings.RateLimitBody(rawValue: $0) })
        case "monthly_cap": set(\.monthlyCap, value.integer)
        case "cap_status": set(\.capStatus, value.integer.map { Int($0) })
        case "credits_micro_dollars":
            set(\.credits, value == .null ? .some(nil) : value.integer.map { .some($0) })
        case "names_credits_plainly": set(\.namesCreditsPlainly, value.bool)
        case "not_found_status": set(\.notFoundStatus, value.integer.map { Int($0) })
        case "kills_families": set(\.killsFamilies, value.bool)
        case "query_length": set(\.queryLength, value.integer.map { Int($0) })
        case "posts_per_page":
            set(\.postsPerPage, value == .null ? .some(nil) : value.integer.map { .some(max(1, Int($0))) })
        case "ends_with_empty_page": set(\.endsWithEmptyPage, value.bool)
        case "sends_daily_headers": set(\.sendsDailyHeaders, value.bool)
        case "self_serve": set(\.isSelfServe, value.bool)
        case "wrong_offsets": set(\.hasWrongOffsets, value.bool)
        case "keeps_tweet_count": set(\.keepsTweetCount, value.bool)
        case "short_link_base": set(\.shortLinkBase, value.string)
        case "media_base": set(\.mediaBase, value.string)
        case "bills_includes": set(\.money.billsIncludes, value.bool)
        case "bills_delete_events": set(\.money.billsDeleteEvents, value.bool)
        default: false
        }
    }

    private mutating func set<Value>(_ path: WritableKeyPath<XSettings, Value>, _ value: Value?) -> Bool {
        guard let value else { return false }
        settings[keyPath: path] = value
        return true
    }
}
