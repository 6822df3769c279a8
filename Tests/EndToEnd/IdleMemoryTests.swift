// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

/// What a connection that rests takes of the relay's memory.
@Suite(.serialized, .timeLimit(.minutes(2))) struct IdleMemoryTests {
    @Test func `an idle connection with a subscription takes at most six kilobytes`() async throws {
        let directory = try TemporaryDirectory()
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.path + "/data")
        // What is there once, whoever comes, is there before the first is counted.
        var resting = try await Self.subscribers(300, of: rookery)
        let before = try rookery.anonymousMemory()
        let count = 1_000
        resting += try await Self.subscribers(count, of: rookery)
        let each = try (rookery.anonymousMemory() - before) / count
        #expect(each <= 6 * 1024, "\(each) bytes each")
        withExtendedLifetime(resting) {}
        try await rookery.kill()
    }

    private static func subscribers(_ count: Int, of rookery: RookeryProcess) async throws -> [RawWebSocket] {
        var sockets: [RawWebSocket] = []
        for number in 0..<count {
            let socket = try await rookery.connect()
            try await socket.send(
                ##"["REQ","home-\##(number)",{"#t":["\##(number)"],"kinds":[1],"limit":10}]"##)
            _ = try await socket.receiveText()
            sockets.append(socket)
        }
        return sockets
    }
}
