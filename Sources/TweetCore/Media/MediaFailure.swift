// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why the file of a medium could not be had.
public enum MediaFailure: Error, Hashable, Sendable, Codable {
    /// The post names no file, or none that may be fetched.
    case noFile
    /// 404 or 410: it is not there.
    case gone
    /// Another status than 200.
    case status(Int)
    /// A page came instead of a file.
    case page
    /// What came is no picture where one was expected, or no film.
    case wrongType(String)
    /// Fewer bytes came than were announced.
    case short
    /// Not one byte came.
    case empty
    /// More than ``MediaLimits/maxFileBytes``.
    case tooLong
    /// More than ``MediaLimits/maxRedirects``, or one that may not be followed.
    case redirects
    /// The address may not be asked.
    case refused
    /// Nobody answered, or not in time.
    case unreachable
    /// The disk is full.
    case diskFull
    /// The disk does not take it for another reason.
    case disk

    /// Whether asking again is of no use.
    public var isFinal: Bool {
        switch self {
        case .noFile, .gone, .tooLong, .refused: true
        case .status, .page, .wrongType, .short, .empty, .redirects, .unreachable, .diskFull, .disk: false
        }
    }

    /// Whether the medium is to blame: a full disk is not held against it.
    public var counts: Bool { self != .disk && self != .diskFull }
}
