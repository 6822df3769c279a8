// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NIOConcurrencyHelpers
public import TweetCore

/// Which accounts this bridge looks after, where several bridges share a directory of leases: one bridge an account (R16).
///
/// A lease is the lock (`flock(2)`) of the file `NUMBER.lease`. The kernel gives it back when its holder ends, however it
/// ends: nobody waits for a clock to run out, and nobody goes on with a lease that ran out.
public final class AccountLeases: Sendable {
    private let directory: String
    private let held = NIOLockedValueBox<[UserID: Int32]>([:])

    /// - Parameter directory: on one machine, or on a file system that locks across machines (NFS 4 does).
    /// - Throws: when files cannot be made and locked there.
    public init(directory: String) throws(SystemFault) {
        self.directory = directory
        if mkdir(directory, 0o700) != 0, errno != EEXIST { throw SystemFault(directory, errno) }
        // Found out now, not when an account is never read.
        let probe = try Self.open("\(directory)/probe.lease")
        defer { close(probe) }
        guard flock(probe, LOCK_EX | LOCK_NB) == 0 || errno == EWOULDBLOCK else {
            throw SystemFault("\(directory): cannot be locked", errno)
        }
    }

    deinit { held.withLockedValue { for descriptor in $0.values { close(descriptor) } } }

    /// Takes what is free of these accounts, and gives back what is not among them.
    ///
    /// - Returns: those that are this bridge's now; and why some could not even be tried.
    public func hold(_ accounts: some Sequence<UserID>) -> (ours: Set<UserID>, fault: SystemFault?) {
        let wanted = Set(accounts)
        return held.withLockedValue { held in
            for (account, descriptor) in held where !wanted.contains(account) {
                close(descriptor)
                held[account] = nil
            }
            var fault: SystemFault?
            for account in wanted {
                do throws(SystemFault) { try take(account, &held) } catch { fault = error }
            }
            return (Set(held.keys), fault)
        }
    }

    /// Takes what is free of these accounts, too.
    ///
    /// - Returns: whether there was any.
    public func take(_ accounts: Set<UserID>) -> Bool {
        held.withLockedValue { held in
            let before = held.count
            for account in accounts { try? take(account, &held) }
            return held.count > before
        }
    }

    private func take(_ account: UserID, _ held: inout [UserID: Int32]) throws(SystemFault) {
        guard held[account] == nil else { return }
        let path = "\(directory)/\(account).lease"
        let descriptor = try Self.open(path)
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
            held[account] = descriptor
            return
        }
        let code = errno
        close(descriptor)
        if code != EWOULDBLOCK { throw SystemFault(path, code) }
    }

    /// Whether an account is this bridge's now.
    public func isHeld(_ account: UserID) -> Bool { held.withLockedValue { $0[account] != nil } }

    private static func open(_ path: String) throws(SystemFault) -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemFault(path, errno) }
        return descriptor
    }

    /// What the system said of a path.
    public struct SystemFault: Error, Hashable, CustomStringConvertible {
        public var description: String

        init(_ place: String, _ code: Int32) {
            description = "\(place): \(String(cString: strerror(code)))"
        }
    }
}
