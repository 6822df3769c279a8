// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// One line of the table.
struct Row {
    let what: String
    let figure: String
    let more: String

    init(_ what: String, _ figure: String, _ more: String = "") {
        self.what = what
        self.figure = figure
        self.more = more
    }

    /// In Markdown, so that it can be pasted into the README.
    ///
    /// At once, as the next one takes its time.
    func show() { FileHandle.standardOutput.write(Data("| \(what) | \(figure) | \(more) |\n".utf8)) }
}
