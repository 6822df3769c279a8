// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// Connections that rest: what each takes of the relay's memory, first bare, then with a subscription that nothing matches.
struct IdleBench {
    let binary: String
    let directory: String
    let connections: Int

    func run() throws {
        for isSubscribed in [false, true] {
            let relay = try RunningRelay(
                binary, directory + "/idle-\(isSubscribed)", "log_level = \"error\"\n")
            defer { kill(relay.process.pid, SIGKILL); _ = relay.process.wait() }
            // What is there once, whoever comes, is there before the first is counted.
            let first = try open(200, port: relay.port, isSubscribed: isSubscribed)
            usleep(500_000)
            let before = relay.process.memory().anonymous
            let resting = try open(connections, port: relay.port, isSubscribed: isSubscribed)
            usleep(500_000)
            let each = Double(relay.process.memory().anonymous - before) / Double(connections)
            let what = isSubscribed ? "an idle connection with a subscription" : "an idle connection"
            let aim = isSubscribed ? "; aim: at most 6 KB" : ""
            Row(
                what, String(format: "**%.1f KB** of anonymous memory", each / 1024),
                "\(connections) beside \(first.count)\(aim)"
            ).show()
            withExtendedLifetime((first, resting)) {}
        }
    }

    private func open(_ count: Int, port: Int, isSubscribed: Bool) throws -> [LoadConnection] {
        var rng = SeededGenerator(seed: 6)
        return try (0..<count).map { number in
            let connection = try LoadConnection(port: port, holding: 1 << 10)
            guard isSubscribed else { return connection }
            let author = (0..<4).map { _ in
                let digits = String(UInt64.random(in: .min ... .max, using: &rng), radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined()
            let filter = #"{"authors":["\#(author)"],"kinds":[1],"limit":10}"#
            try connection.write(LoadConnection.frame(#"["REQ","home-\#(number)",\#(filter)]"#))
            while try connection.next() != .endOfStored {}
            return connection
        }
    }
}
