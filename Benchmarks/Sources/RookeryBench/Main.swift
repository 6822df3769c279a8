// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// Measures, for `Benchmarks/run.sh`; each row that is done is a line of JSON in a file.
///
///     rookery-bench ROOKERY_BINARY DIRECTORY [--quick] [--events N] [--many N] [--cache DIRECTORY] [--json FILE] [ROW]...
///     rookery-bench ROOKERY_BINARY DIRECTORY abuse SECONDS [SORT]...
///     rookery-bench bare PORT [ANSWERS]
@main
struct RookeryBench {
    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        // The floor, which is started by the others.
        if words.count >= 2, words[0] == "bare", let port = Int(words[1]) {
            try BareServer(port: port, answers: words.count > 2 ? words[2] : nil).serve()
        }
        guard words.count >= 2 else {
            print("usage: rookery-bench ROOKERY_BINARY DIRECTORY [--quick] [--events N] [--many N] [ROW]...")
            exit(2)
        }
        try FileManager.default.createDirectory(atPath: words[1], withIntermediateDirectories: true)
        if words.count >= 4, words[2] == "abuse", let seconds = Double(words[3]) {
            let bench = AbuseBench(
                binary: words[0], directory: words[1], seconds: seconds, only: Array(words.dropFirst(4)))
            exit(try bench.run() ? 0 : 1)
        }
        try await Suite(words).run()
    }
}
