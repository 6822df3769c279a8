// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What reading a transaction takes besides the transaction.
struct StoreContext: Sendable {
    let schema: StoreSchema
    let maker: KeyMaker
    let limits: StoreLimits
    let indexesWords: Bool
    let trees: [NegentropyTree]
    let groups: RepositoryGroups?
}
