// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// X, as the worker needs it.
public struct OutboundDoor: Sendable {
    public var post: @Sendable (PostDraft) async throws(Failure) -> PostID
    /// Whether the post is gone.
    public var delete: @Sendable (PostID) async throws(Failure) -> Bool

    /// Why there is no good answer.
    public struct Failure: Error, Hashable, Sendable {
        public var failure: XFailure
        /// What was asked may be done all the same.
        public var mayBeDone: Bool

        public init(_ failure: XFailure, mayBeDone: Bool) {
            self.failure = failure
            self.mayBeDone = mayBeDone
        }
    }

    public init(
        post: @escaping @Sendable (PostDraft) async throws(Failure) -> PostID,
        delete: @escaping @Sendable (PostID) async throws(Failure) -> Bool
    ) {
        self.post = post
        self.delete = delete
    }

    /// Money is reserved there, before each request.
    public init(_ client: XClient) {
        self.init(
            post: { draft throws(Failure) in try await client.attempt(draft) },
            delete: { id throws(Failure) in
                do throws(XFailure) { return try await client.delete(id) } catch {
                    throw Failure(error, mayBeDone: true)
                }
            })
    }
}

extension XClient {
    /// As ``post(_:)``, telling whether it may have been made all the same.
    func attempt(_ draft: PostDraft) async throws(OutboundDoor.Failure) -> PostID {
        let price = draft.hasLink ? ledger.prices.postWithLinkCreated : ledger.prices.postCreated
        let reply: XReply
        do throws(Refused) { reply = try await writeOnce(draft.request, price: price) } catch {
            throw OutboundDoor.Failure(error.failure, mayBeDone: error.mayBeDone)
        }
        do { return try Written.made(reading: reply.body) } catch {
            throw OutboundDoor.Failure(.transient("the answer cannot be read"), mayBeDone: true)
        }
    }
}
