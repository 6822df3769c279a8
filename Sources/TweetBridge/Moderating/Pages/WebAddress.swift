// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport

/// An address that a page may link to.
struct WebAddress: Hashable, Sendable {
    let text: String

    /// - Returns: `nil` for anything but a plain address of the web: what else a link might do is not our moderators' to find out.
    init?(_ text: String) {
        let lower = text.prefix(8).lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), text.utf8.count <= 2_048,
            text.unicodeScalars.allSatisfy({ !$0.isHidden && $0.value > 0x20 })
        else { return nil }
        self.text = text
    }

    /// A link that tells nobody where it was followed.
    var html: HTML {
        "<a href=\"\(text)\" rel=\"noreferrer noopener nofollow\" target=\"_blank\">\(text)</a>"
    }

    /// A link where it is one, and words where it is not.
    static func html(_ text: String) -> HTML {
        WebAddress(text)?.html ?? "\(ForeignText(most: 300).html(text))"
    }
}
