// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How log lines look.
public enum LogFormat: String, CaseIterable, Sendable {
    /// For people: time, level, message, then facts as `key=value`.
    case text
    /// For machines: one JSON object a line.
    case json
}
