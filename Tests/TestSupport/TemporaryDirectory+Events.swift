// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
public import NostrCore

extension TemporaryDirectory {
    /// Writes one event a line and returns the path.
    public func write(jsonl events: [Event], to name: String) throws -> String {
        var bytes: [UInt8] = []
        for event in events {
            bytes += event.json
            bytes.append(UInt8(ascii: "\n"))
        }
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }
}
