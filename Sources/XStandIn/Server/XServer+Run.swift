// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

internal import Glibc

extension XServer {
    /// Serves until the task is cancelled, for people who want to try the bridge without an account.
    ///
    /// - Parameter tell: takes each line of what is said about how to use it.
    /// - Throws: what NIO says when the port cannot be bound.
    public static func run(
        host: String = "127.0.0.1", port: Int = 8_480, options: XServerOptions = XServerOptions(clock: .real),
        tell: @Sendable (String) -> Void = XServer.say
    ) async throws {
        let server = try await start(host: host, port: port, options: options)
        for line in instructions(server.baseURL) { tell(line) }
        let (cancelled, end) = AsyncStream<Never>.makeStream()
        await withTaskCancellationHandler {
            for await _ in cancelled {}
        } onCancel: {
            end.finish()
        }
        try await server.stop()
    }

    /// Prints a line at once, also into a file or a pipe.
    public static let say: @Sendable (String) -> Void = { line in
        print(line)
        fflush(nil)
    }

    /// What is told at the start.
    static func instructions(_ url: String) -> [String] {
        [
            "A stand-in for X answers at \(url)",
            "  base URL of the API   \(url)",
            "  app token             \(XWorld.appToken)",
            "  OAuth client          \(XWorld.confidentialClient.id), secret \(XWorld.confidentialClient.secret)",
            "",
            "Make an account, and post as it:",
            "  curl \(url)/admin/users -d '{\"username\":\"ada\",\"name\":\"Ada\"}'",
            "  curl \(url)/admin/posts -d '{\"user\":\"ada\",\"text\":\"Hello, Nostr\"}'",
            "Read as an app does:",
            "  curl -H 'authorization: Bearer \(XWorld.appToken)' \(url)/2/users/by/username/ada",
            "Everything else: curl \(url)/admin",
        ]
    }
}
