// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore

/// The tables of the bridge in the relay's store: one for each family of rows, told apart by the first byte of their keys.
///
/// Numbers in keys are big-endian, so that rows come in their order. Declared when the store is opened.
public enum BridgeTables {
    /// `p‖post` ``PostRow`` · `r‖post` what X sent · `s‖post` ``PostState`` · `g‖post` ``GoneRow``
    public static let posts = SideTable("tw_post")
    /// Indexes alone: `a‖author‖~post` · `c‖conversation‖post` · `f‖target‖kind‖post` · `v‖first‖post`
    public static let links = SideTable("tw_link")
    /// `u‖user` ``UserRow`` · `p‖user‖ms` ``ProfileRow`` · `h‖handle‖0‖ms` ``HandleRow`` · `a‖user` ``AccountRow`` · `e‖user` ``ErasureRow`` · `c‖user` ``ClaimRow``
    public static let people = SideTable("tw_user")
    /// `m‖key` ``MediaRow`` · `d‖ms‖key` those to be fetched · `f‖key` those that failed · `b‖sha256` ``BlobRow``
    /// · `u‖ms‖sha256` files that are due at Blossom servers · `n‖key‖0‖post` posts that show a medium
    public static let media = SideTable("tw_media")
    /// `t‖post‖part` ``MirrorRow`` · `e‖event` ``MirroredRow``
    public static let mirrors = SideTable("tw_map")
    /// `author‖post` ``TodoRow``
    public static let todo = SideTable("tw_todo")
    /// Text: cursors, gaps, and whatever else is remembered.
    public static let state = SideTable("tw_state")
    /// `c‖name` ``CredentialRow`` · `l‖day‖item` `SpendRow`, the ledger
    public static let money = SideTable("tw_money")
    /// `r‖url` and `n‖number` ``RelayRow`` · `e‖event` its bytes · `s‖event‖relay` ``DeliveryRow`` · `d‖relay‖stamp‖event` what is due
    public static let outbox = SideTable("tw_out")
    /// `j‖job` `QueuedJob` · `k`, `r`, `l`, `d`, `x` its places · `n` the last number
    public static let queue = SideTable("q_job")
    /// `i‖item` `ModerationItem` · `p‖state‖item` · `e‖event`, `o‖post` and `j‖job` → item · `a‖item‖revision` `AuditEntry` · `t‖ms‖item‖revision`
    /// · `m‖name` and `k‖key` `Moderator` · `r‖user` `HourlyTally` · `d‖event` those that decided · `n` the last number
    public static let moderation = SideTable("mod_item")

    public static let all: [SideTable] = [
        posts, links, people, media, mirrors, todo, state, money, outbox, queue, moderation,
    ]
}
