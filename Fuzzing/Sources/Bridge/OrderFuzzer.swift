// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// What other programs send the bridge: items of the Redis list, orders to post, addresses of Redis.
enum OrderFuzzer {
    static func feed(_ input: FuzzInput) {
        if let message = try? QueueMessage(reading: input.array) {
            claim(message.payload.utf8.count <= QueueMessage.payloadMax, "a payload beyond its bound")
            claim(message.key.utf8.count <= QueueMessage.keyMax + 10, "a key beyond its bound")
            claim((try? QueueMessage(reading: input.array)) == message, "one item is read in two ways")
            let order = try? OutboundOrder(message.action, payload: Array(message.payload.utf8))
            claim(order != nil, "an order that is none")
        }
        for action in ["tweet", "delete", "dm"] {
            _ = try? OutboundOrder(action, payload: input.array)
        }
        if let address = try? RedisAddress(input.text) {
            claim((1...65_535).contains(address.port) && !address.host.isEmpty, "no address of Redis")
            let again = try? RedisAddress(address.description)
            claim(
                again?.host == address.host && again?.port == address.port
                    && again?.database == address.database, "an address of Redis is written differently")
        }
        _ = try? Mnemonic(input.text)
    }
}
