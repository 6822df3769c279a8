// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where the status page and what belongs to it are found.
enum StatusPath {
    static let json = "/status.json"
    static let events = "/status/events"
}
