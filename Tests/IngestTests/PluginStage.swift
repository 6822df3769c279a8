// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NostrCore
import TestSupport

@testable import Ingest

/// Where scripts are written, and what is told of them.
struct PluginStage {
    let directory: TemporaryDirectory
    let news = NIOLockedValueBox<[PluginNews]>([])

    init() throws { directory = try TemporaryDirectory("plugin") }

    func plugin(
        _ command: String, timeout: Duration = .seconds(10), processes: Int = 1,
        onFailure: PluginSettings.OnFailure = .closed, limits: (inout PluginLimits) -> Void = { _ in }
    ) throws -> WritePolicyPlugin {
        var settings = PluginSettings(command: command)
        (settings.timeout, settings.processes, settings.onFailure) = (timeout, processes, onFailure)
        var bounds = PluginLimits()
        bounds.backoffMilliseconds = 1
        limits(&bounds)
        return try WritePolicyPlugin(settings, limits: bounds) { [news] one in
            news.withLockedValue { $0.append(one) }
        }
    }

    func python(_ body: String, name: String = "plugin.py") throws -> String {
        let script = try directory.write(
            """
            import sys, json, time, os
            def say(question, action, msg=""):
                print(json.dumps({"id": question["event"]["id"], "action": action, "msg": msg}), flush=True)
            for line in sys.stdin:
                q = json.loads(line)
                text = q["event"]["content"]
            \(body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
            """, to: name)
        return "exec \(try Python.path()) \(script)"
    }

    static func note(_ text: String, by author: Int = 1) -> Event { .fixture(content: text, by: author) }

    static let client = IngestSource.client(
        authenticated: [TestKey.publicKey(1)], address: NetworkAddress("192.0.2.7"), connection: 1)

    var reasons: [String] {
        news.withLockedValue { news in
            news.compactMap { if case .ended(_, let reason) = $0 { reason } else { nil } }
        }
    }
}
