// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// `rookery health`
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask whether the running daemon serves, as probes do.",
        discussion: """
            Asks the daemon on the data directory where it listens, and that port for /healthz, which speaks of the \
            relay alone. Says what it answered. Exit code 0 when it serves; 1 when it does not, or when no daemon runs.
            """)

    @Option(help: ArgumentHelp("How long the port may take to answer.", valueName: "seconds"))
    var timeout = 4

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        guard (1...3600).contains(timeout) else { throw ValidationError("--timeout: must be 1 to 3600") }
    }

    func run() async throws {
        let directory = try options.settings().directory
        guard var client = try ControlClient.reach(directory) else {
            throw CommandFailure("\(directory.path): no daemon runs here")
        }
        guard let address = try client.ask(ControlRequest(command: .status)).status?.listen else {
            throw CommandFailure("the daemon's answer has no status; is it of another version?")
        }
        let (isHealthy, answer) = try await ask(address)
        guard isHealthy else { throw CommandFailure(answer) }
        Console.say(answer)
    }

    /// Asks the port; its answer is one line.
    private func ask(_ address: String) async throws -> (isHealthy: Bool, answer: String) {
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let outcome: Result<(Bool, String), any Error>
        do {
            let response = try await http.execute(
                HTTPClientRequest(url: "http://\(address)/healthz"), timeout: .seconds(Int64(timeout)))
            let body = try await response.body.collect(upTo: Self.answerLengthMax)
            let text = String(buffer: body).split(separator: "\n").first.map(String.init) ?? ""
            outcome = .success((response.status == .ok, text))
        } catch { outcome = .failure(error) }
        try await http.shutdown()
        do { return try outcome.get() } catch {
            throw CommandFailure("\(address): does not answer: \(error)")
        }
    }

    /// **Bytes** of an answer.
    private static let answerLengthMax = 65_536
}
