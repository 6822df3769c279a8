// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOPosix
import ServiceLifecycle

/// Runs a conversation for each relay of each stream, and goes by other streams when the configuration is read again.
struct StreamService: Service {
    private let world: StreamWorld
    private let changes: AsyncStream<[StreamLine]>
    private let orders: AsyncStream<[StreamLine]>.Continuation

    init(_ streams: [StreamSettings], _ world: StreamWorld) {
        self.world = world
        // Of several changes only the last one counts.
        (changes, orders) = AsyncStream.makeStream(
            of: [StreamLine].self, bufferingPolicy: .bufferingNewest(1))
        adopt(streams)
    }

    /// Ends what is no stream any more and begins what is new; what stays as it was goes on. From any thread.
    func adopt(_ streams: [StreamSettings]) { orders.yield(StreamLine.lines(streams)) }

    func run() async throws {
        world.threads.start()
        await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                await mirror()
            } onCancel: {
                orders.finish()
            }
        } onGracefulShutdown: {
            orders.finish()
        }
        try? await world.threads.shutdownGracefully()
    }

    private func mirror() async {
        await withDiscardingTaskGroup { group in
            var links: [StreamLine: StreamLink] = [:]
            for await lines in changes {
                let wanted = Set(lines)
                for (line, link) in links where !wanted.contains(line) {
                    link.stop()
                    links[line] = nil
                }
                for line in lines where links[line] == nil {
                    let link = StreamLink(line, world)
                    links[line] = link
                    group.addTask { await link.run() }
                }
            }
            for link in links.values { link.stop() }
        }
    }
}
