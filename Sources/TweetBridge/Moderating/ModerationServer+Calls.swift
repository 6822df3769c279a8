// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport
import TweetCore

// The same in JSON, for scripts: no cookies, so no forms to be forged.
extension ModerationServer {
    func answerCall(
        _ path: ModerationPath, _ request: HTTPRequest
    ) async throws(ModerationRefusal) -> HTTPResponse {
        let moderator = try caller(of: request)
        switch path {
        case .apiItems:
            let fields = FormFields(target: request.target)
            if let state = fields["state"], ModerationState(rawValue: state) == nil {
                throw ModerationRefusal(
                    .badRequest,
                    "state is \(ModerationState.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            let most = fields["limit"].flatMap { Int($0) } ?? limits.page
            let page = try listed(ModerationQuery(fields), most: min(max(1, most), limits.apiPage))
            return .json(
                JSONOutput.object { output in
                    output.member("items", json: JSONOutput.array(page.lines.map(\.json)))
                    output.member("next", page.next.map { Int(clamping: $0) })
                })
        case .apiItem(let number): return .json(try await detail(number).json)
        default: return try await decide(request, as: moderator)
        }
    }

    /// `{"verdict":"approve","reason":"…","items":[{"number":5,"revision":0}]}`; without a `revision` whatever the item is now.
    private func decide(
        _ request: HTTPRequest, as moderator: Moderator
    ) async throws(ModerationRefusal) -> HTTPResponse {
        let json: JSONValue
        do { json = try JSONTree(Array(request.body.readableBytesView)).root } catch {
            throw ModerationRefusal(.badRequest, "The body is no JSON.")
        }
        guard let verdict = json["verdict"]?.text.flatMap({ ModerationDecision.Verdict(rawValue: $0) }) else {
            throw ModerationRefusal(.badRequest, "verdict is approve, reject or hold.")
        }
        var items: [(number: UInt64, revision: UInt32?)] = []
        for value in json["items"]?.elements ?? [] {
            let revision = value["revision"]
            let seen = revision?.integer.flatMap { UInt32(exactly: $0) }
            // Who names a revision means it: one that cannot be read is not left out.
            guard let number = (value["number"] ?? value).integer.flatMap({ UInt64(exactly: $0) }),
                (revision == nil) == (seen == nil)
            else {
                throw ModerationRefusal(
                    .badRequest, "items are numbers, or objects with a number and a revision.")
            }
            items.append((number, seen))
        }
        let outcomes = try await decide(
            verdict, items, reason: json["reason"]?.text ?? "", by: moderator)
        let worst = outcomes.lazy.compactMap(\.problem?.status).first
        return .json(
            worst ?? .ok,
            JSONOutput.object { $0.member("items", json: JSONOutput.array(outcomes.map(\.json))) })
    }
}

extension ModerationServer.Outcome {
    fileprivate var json: [UInt8] {
        JSONOutput.object { output in
            output.member("number", Int(clamping: number))
            output.member("state", item?.state.rawValue)
            output.member("revision", item.map { Int($0.revision) })
            output.member("error", problem?.text)
        }
    }
}
