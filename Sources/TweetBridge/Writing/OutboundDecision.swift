// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
public import TweetCore

/// What is decided about an outbound job: nothing here waits, sends or stores.
enum OutboundDecision: Hashable {
    case post(PostDraft)
    case delete(PostID)
    /// Never; says why.
    case refuse(String)

    /// - Parameters:
    ///   - wasTried: it was begun before, and nobody knows how that ended.
    ///   - mirrors: the post of X that its event mirrors, where it does.
    init(_ job: QueuedJob, _ settings: OutboundSettings, wasTried: Bool, mirrors: PostID?) {
        let order: OutboundOrder
        do throws(OutboundOrder.Refusal) {
            order = try OutboundOrder(job.action, payload: Array(job.payload.utf8))
        } catch {
            self = .refuse(error.description)
            return
        }
        // What came from X does not go there again.
        if let mirrors {
            self = .refuse("its event mirrors post \(mirrors) of X")
            return
        }
        switch order {
        case .message: self = .refuse("direct messages are not supported by the API tier")
        case .delete(let id, _): self = .delete(id)
        case .post(let draft, _):
            if draft.hasLink, !settings.allowsLinks {
                self = .refuse("the text has a link, and links are switched off: they cost more")
            } else if wasTried {
                self = .refuse(
                    "it was sent before and no answer came: it may be posted; look, then have it tried again")
            } else {
                self = .post(draft)
            }
        }
    }

    /// What follows from X's refusal.
    ///
    /// - Parameter mayBeMade: a post that may have been made is not made again; what is removed twice is gone all the same.
    static func retry(after failure: XFailure, mayBeMade: Bool, at now: Int64) -> RetryClass {
        switch failure {
        case .limited(let until): .limited(until: until ?? now + 900_000)
        case .usageCapped(let until): .paused(until: until)
        case .outOfCredits, .unauthorized: .paused(until: nil)
        case .overBudget(let until): .paused(until: until)
        case .transient: mayBeMade ? .permanent : .transient
        case .forbidden, .staleSince, .absent, .invalid: .permanent
        }
    }
}

extension XFailure {
    /// For the operator: our own words, and X's where they say why.
    public var outboundReason: String {
        switch self {
        case .forbidden(let reason), .invalid(let reason), .unauthorized(let reason), .transient(let reason):
            "\(label): \(reason)"
        case .absent(let absence, _): "\(label): \(absence.rawValue)"
        case .limited, .usageCapped, .outOfCredits, .staleSince, .overBudget: label
        }
    }
}
