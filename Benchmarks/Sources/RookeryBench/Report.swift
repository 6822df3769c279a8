// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// Takes the rows of a run: each to a file, as a line of JSON, and to whoever watches.
final class Report {
    /// Few events and one short round: whether everything works, not how fast.
    let isQuick: Bool
    private let names: [String]
    private let file: FileHandle

    /// - Parameters:
    ///   - names: of the rows that are wanted, or their beginnings; all when there are none.
    ///   - file: where the rows go.
    init(isQuick: Bool, only names: [String], file: String) throws {
        (self.isQuick, self.names) = (isQuick, names)
        try Data().write(to: URL(fileURLWithPath: file))
        guard let handle = FileHandle(forWritingAtPath: file) else {
            throw MeasuredProcess.Failed(description: "cannot write \(file)")
        }
        self.file = handle
    }

    /// How often a row is measured, and how long each time, in **seconds**.
    var rounds: Int { isQuick ? 1 : 3 }
    var seconds: Double { isQuick ? 0.5 : 1 }

    func wants(_ name: String) -> Bool { names.isEmpty || names.contains { name.hasPrefix($0) } }

    /// Whether a row of this group is wanted.
    func wants(anyOf names: String...) -> Bool {
        names.contains { group in wants(group) || self.names.contains { $0.hasPrefix(group) } }
    }

    func add(_ row: Row) throws {
        guard wants(row.name) else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try file.write(contentsOf: encoder.encode(row) + Data("\n".utf8))
        var line = "\(row.name): \(String(format: row.value < 100 ? "%.2f" : "%.0f", row.value)) \(row.unit)"
        if let floor = row.floor { line += String(format: ", %.2f × floor", floor.ratio) }
        if let relay = row.relayCost, let own = row.generatorCost {
            line += String(format: ", %.1f + %.1f µs", relay, own)
        }
        for aim in row.aims { line += ", \(aim.text): \(aim.isMet ? "met" : "NOT met")" }
        for peer in row.peers {
            line += ", \(peer.name) \(peer.value.map { String(format: "%.4g", $0) } ?? "gave up")"
        }
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
