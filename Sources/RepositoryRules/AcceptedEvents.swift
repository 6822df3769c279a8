// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What grasp admission asks of the events that are stored already.
public protocol AcceptedEvents {
    /// Why a question could not be answered.
    associatedtype Failure: Error

    /// The announcements of an identifier.
    func group(of identifier: TagValue) throws(Failure) -> RepositoryGroup
    /// Whether this event is stored and its kind makes others acceptable (``NostrCore/Kind/isAnchor``).
    func containsAnchor(_ id: EventID) throws(Failure) -> Bool
    /// Whether an event is stored at this address and its kind makes others acceptable.
    func containsAnchor(_ address: EventAddress) throws(Failure) -> Bool
    /// Whether a stored event of such a kind names this id in an `e`, `E` or `q` tag.
    func isReferenced(_ id: EventID) throws(Failure) -> Bool
    /// Whether a stored event of such a kind names this address in an `a`, `A` or `q` tag.
    func isReferenced(_ address: EventAddress) throws(Failure) -> Bool
}
