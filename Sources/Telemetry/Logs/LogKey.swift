// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The keys of structured log lines. Message text is constant and lower case; facts go here.
public enum LogKey {
    /// The number of an account on X.
    public static let account = "account"
    /// What is done on X for people here: `tweet`, `delete`, `dm`.
    public static let action = "action"
    /// A socket address that is listened on or dialled.
    public static let address = "address"
    /// How often it was tried.
    public static let attempts = "attempts"
    /// A batch of sync, by number.
    public static let batch = "batch"
    /// How many bytes.
    public static let byteCount = "bytes"
    /// A configuration key.
    public static let configKey = "key"
    public static let change = "change"
    /// How many of whatever the message names.
    public static let count = "count"
    /// The data directory.
    public static let dataDirectory = "data_dir"
    /// How long it took.
    public static let duration = "duration"
    /// What went wrong.
    public static let error = "error"
    /// An event, by id.
    public static let event = "event"
    /// How many events.
    public static let eventCount = "events"
    /// How many could not be judged.
    public static let failedCount = "failed"
    /// How many have a wrong id or signature.
    public static let forgedCount = "forged"
    /// What is thought of an upstream relay.
    public static let health = "health"
    /// How many posts of X were read.
    public static let fetchedCount = "fetched"
    /// How many wait for what they refer to.
    public static let heldCount = "held"
    /// A job of the bridge's queue, by number.
    public static let job = "job"
    /// How many were here already, or are superseded, deleted or expired.
    public static let knownCount = "known"
    /// How many posts became no event.
    public static let leftOutCount = "left_out"
    /// A list of who or what is let in or kept out.
    public static let list = "list"
    /// How many posts became events.
    public static let mirroredCount = "mirrored"
    /// What management was asked to do.
    public static let method = "method"
    /// Somebody who decides about posts, by name.
    public static let moderator = "moderator"
    /// With what, as JSON.
    public static let parameters = "params"
    /// How often X was asked.
    public static let pollCount = "polls"
    /// The number of a post on X.
    public static let post = "post"
    /// A process id.
    public static let process = "process"
    /// A public key.
    public static let publicKey = "pubkey"
    /// Why.
    public static let reason = "reason"
    /// How many will not be stored.
    public static let refusedCount = "refused"
    /// An upstream relay, by its normalised URL.
    public static let relay = "relay"
    /// When it is tried again.
    public static let retryIn = "retry_in"
    public static let rounds = "rounds"
    /// How many root events: patches, pull requests and issues.
    public static let rootCount = "roots"
    /// A signal, by name.
    public static let signal = "signal"
    /// **Bytes**.
    public static let size = "size"
    /// US dollars, since midnight (UTC).
    public static let spentToday = "spent_today_usd"
    /// A state that something is in.
    public static let status = "status"
    /// A stream of the configuration, by name.
    public static let stream = "stream"
    /// How many posts' events were taken back.
    public static let takenBackCount = "taken_back"
    /// A stranger's words, cut.
    public static let text = "text"
    /// For how long it has been running.
    public static let uptime = "up"
    /// A URL that is not an upstream relay's.
    public static let url = "url"
    /// A receiver of the bridge's webhooks, by name.
    public static let webhook = "webhook"
    /// A version of this program.
    public static let version = "version"
}
