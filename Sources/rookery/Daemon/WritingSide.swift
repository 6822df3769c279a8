// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Who writes to the store for a tool: the daemon that has it, or else the tool itself.
enum WritingSide: ~Copyable {
    case daemon(ControlClient)
    case own(OwnStore)

    /// Asks for a daemon; where none answers, takes the directory's lock and opens the store.
    ///
    /// - Parameter makesStore: whether a store is made where there is none.
    static func find(_ settings: Settings, makesStore: Bool) throws -> WritingSide {
        if let client = try ControlClient.reach(settings.directory) { return .daemon(client) }
        if !makesStore { try settings.directory.checkStore() }
        do { return .own(try OwnStore(settings)) } catch let error as DirectoryLock.Held {
            throw CommandFailure(
                "\(error), and no daemon answers there: it is another rookery tool, or a daemon that is starting; "
                    + "wait for it, or end it")
        }
    }
}
