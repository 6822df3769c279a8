// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CHiredis
import Glibc
import NIOConcurrencyHelpers
import NIOPosix
import TweetCore

/// A connection to Redis, on a thread of its own, as hiredis blocks.
final class RedisLink: Sendable {
    /// Why there is no answer. No word of a password, nor of what was asked.
    enum Failure: Error, Hashable, CustomStringConvertible {
        case unreachable(String)
        /// Redis answered with an error: its words, cut.
        case refused(String)
        case closed

        var description: String {
            switch self {
            case .unreachable(let reason): "no connection: \(reason)"
            case .refused(let reason): "Redis refuses: \(reason)"
            case .closed: "closed"
            }
        }
    }

    /// What Redis answered.
    indirect enum Reply: Hashable, Sendable {
        case bytes([UInt8])
        case integer(Int)
        case list([Reply])
        case null
    }

    private let address: RedisAddress
    /// **Milliseconds** for a connection: it cannot be ended from elsewhere.
    private static let connecting = 800
    /// **Milliseconds** for an answer, beyond those for which Redis was asked to wait.
    private static let patience = 5_000
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let state = NIOLockedValueBox(State())

    private struct State {
        /// Touched by the one thread only, but for ``Context/interrupt()``.
        var context: Context?
        var isClosed = false
    }

    /// hiredis' own.
    ///
    /// Sendable, as its pointer is used on the link's one thread, where it is freed as well; from elsewhere only the number of
    /// its socket is read, under the lock of `isFreed`.
    private final class Context: @unchecked Sendable {
        let pointer: UnsafeMutablePointer<redisContext>
        private let isFreed = NIOLockedValueBox(false)
        private let socket: Int32

        init(_ pointer: UnsafeMutablePointer<redisContext>) {
            self.pointer = pointer
            socket = pointer.pointee.fd
        }

        /// Ends whatever waits for an answer.
        func interrupt() {
            isFreed.withLockedValue { if !$0 { _ = shutdown(socket, Int32(SHUT_RDWR)) } }
        }

        func free() {
            isFreed.withLockedValue { isFreed in
                if !isFreed { redisFree(pointer) }
                isFreed = true
            }
        }
    }

    init(_ address: RedisAddress) {
        self.address = address
        thread.start()
    }

    /// Ends whatever waits for an answer, at once; nothing can be asked any more.
    func interrupt() {
        let context = state.withLockedValue { state in
            state.isClosed = true
            return state.context
        }
        context?.interrupt()
    }

    /// Ends the thread, once it is done.
    func close() async {
        interrupt()
        // Nothing of this may end early because the task was cancelled: the connection is freed once its thread is gone.
        do { try await thread.shutdownGracefully() } catch {
            // It was ended before, and the connection with it.
            return
        }
        drop()
    }

    /// Connects anew, shows the password and chooses the database.
    func connect() async throws(Failure) {
        try await onThread { () throws(Failure) in
            self.drop()
            let time = timeval(tv_sec: Self.connecting / 1_000, tv_usec: Self.connecting % 1_000 * 1_000)
            guard let pointer = redisConnectWithTimeout(self.address.host, Int32(self.address.port), time)
            else {
                throw Failure.unreachable("no memory")
            }
            let context = Context(pointer)
            guard pointer.pointee.err == 0 else {
                let reason = Self.reason(of: pointer)
                context.free()
                throw .unreachable(reason)
            }
            let isClosed = self.state.withLockedValue { state in
                state.context = context
                return state.isClosed
            }
            if isClosed { throw .closed }
            if let password = self.address.password {
                let words = [self.address.user, password.revealed].compactMap { $0 }
                _ = try self.answer(["AUTH"] + words, wait: 0)
            }
            if self.address.database != 0 {
                _ = try self.answer(["SELECT", "\(self.address.database)"], wait: 0)
            }
        }
    }

    /// - Parameter wait: **milliseconds** for which Redis may keep the answer back.
    func ask(_ words: [String], wait: Int = 0) async throws(Failure) -> Reply {
        try await onThread { () throws(Failure) in try self.answer(words.map { Array($0.utf8) }, wait: wait) }
    }

    func ask(_ words: [[UInt8]]) async throws(Failure) -> Reply {
        try await onThread { () throws(Failure) in try self.answer(words, wait: 0) }
    }

    /// All of them, or none (`MULTI`).
    func all(_ commands: [[[UInt8]]]) async throws(Failure) {
        try await onThread { () throws(Failure) in
            _ = try self.answer(["MULTI"], wait: 0)
            for command in commands { _ = try self.answer(command, wait: 0) }
            guard case .list(let replies) = try self.answer(["EXEC"], wait: 0),
                replies.count == commands.count
            else {
                throw .refused("EXEC")
            }
        }
    }

    // MARK: On the thread

    private func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        do {
            return try await thread.runIfActive {
                do throws(Failure) { return Result<Value, Failure>.success(try work()) } catch {
                    return .failure(error)
                }
            }.get()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .closed
        }
    }

    private func answer(_ words: [String], wait: Int) throws(Failure) -> Reply {
        try answer(words.map { Array($0.utf8) }, wait: wait)
    }

    private func answer(_ words: [[UInt8]], wait: Int) throws(Failure) -> Reply {
        let (context, isClosed) = state.withLockedValue { ($0.context, $0.isClosed) }
        guard let context, !isClosed else { throw .closed }
        let time = Self.patience + wait
        redisSetTimeout(context.pointer, timeval(tv_sec: time / 1_000, tv_usec: time % 1_000 * 1_000))
        let reply = Self.perform(words, context.pointer)
        guard let reply else {
            let reason = Self.reason(of: context.pointer)
            drop()
            throw .unreachable(reason)
        }
        defer { freeReplyObject(reply) }
        let object = reply.assumingMemoryBound(to: redisReply.self)
        if object.pointee.type == REDIS_REPLY_ERROR {
            guard case .bytes(let text) = Self.reply(object) else { throw .refused("") }
            throw .refused(String(decoding: text.prefix(200), as: UTF8.self))
        }
        return Self.reply(object)
    }

    private static func perform(
        _ words: [[UInt8]], _ context: UnsafeMutablePointer<redisContext>
    ) -> UnsafeMutableRawPointer? {
        // One block for all words, as their places must hold until the command is written.
        let block: [CChar] = words.joined().map { CChar(bitPattern: $0) } + [0]
        return block.withUnsafeBufferPointer { block in
            var places: [UnsafePointer<CChar>?] = []
            var offset = 0
            for word in words {
                places.append(block.baseAddress.map { $0 + offset })
                offset += word.count
            }
            return redisCommandArgv(context, Int32(words.count), &places, words.map(\.count))
        }
    }

    private static func reply(_ object: UnsafeMutablePointer<redisReply>) -> Reply {
        let reply = object.pointee
        switch reply.type {
        case REDIS_REPLY_INTEGER: return .integer(Int(reply.integer))
        case REDIS_REPLY_STRING, REDIS_REPLY_STATUS, REDIS_REPLY_ERROR:
            let bytes = UnsafeBufferPointer(start: reply.str, count: reply.str == nil ? 0 : reply.len)
            return .bytes(bytes.map { UInt8(bitPattern: $0) })
        case REDIS_REPLY_ARRAY:
            return .list((0..<reply.elements).compactMap { reply.element[$0].map { Self.reply($0) } })
        default: return .null
        }
    }

    private static func reason(of context: UnsafeMutablePointer<redisContext>) -> String {
        let text = withUnsafePointer(to: &context.pointee.errstr) {
            $0.withMemoryRebound(to: CChar.self, capacity: 128) { String(cString: $0) }
        }
        return text.isEmpty ? "the connection ended" : text
    }

    private func drop() {
        let context = state.withLockedValue { state in
            defer { state.context = nil }
            return state.context
        }
        context?.free()
    }
}
