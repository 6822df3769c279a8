// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension ConfigKeys {
    static let wire: [ConfigKey] = [.flag("relay.compression", \.relay.wire.compresses)]
}
