// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The queue of what is to be done on X for people here.
public enum OutboundQueue {
    /// In ``JobRequest/queue``.
    public static let name = "outbound"
    /// The key of a job that posts an event.
    public static func key(ofEvent id: String) -> String { "x:\(id)" }
}
