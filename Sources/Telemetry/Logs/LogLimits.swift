// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Bounds that keep a log line short whatever a stranger sent.
public enum LogLimits {
    /// Bytes of one fact; the rest is replaced by an ellipsis.
    public static let valueLengthMax = 1024
    /// Bytes of one line, before its final newline. Below a pipe's atomic write of 4096 bytes, lines never mix.
    public static let lineLengthMax = 4095
    /// **Milliseconds** that a line waits for room, once; until there is some, those after it do not wait.
    public static let patienceMilliseconds: Int32 = 50
}
