// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// An item of the older stack's Redis list: `{"action", "payload", "created_at", "moderation"}`.
public struct QueueMessage: Hashable, Sendable {
    /// `tweet`, `delete` or `dm`.
    public var action: String
    /// A JSON object, as sent.
    public var payload: String
    public var standing: Standing
    /// No second item has it: what its sender calls it, or else its bytes.
    public var key: String
    /// For people.
    public var preview: String

    /// What its sender says has been decided.
    public enum Standing: String, Hashable, Sendable {
        /// Or nothing, or a word that is not known, or that it was tried and failed.
        case pending
        case approved
        /// Or executed: it is not to be done by us.
        case rejected
    }

    /// **Bytes** of a payload.
    public static let payloadMax = 60 << 10
    /// **Bytes** of a key that its sender chose.
    public static let keyMax = 200

    public init(reading bytes: [UInt8]) throws(OutboundOrder.Refusal) {
        guard bytes.count <= Self.payloadMax + 4_096 else { throw OutboundOrder.Refusal("it is too long") }
        let json: JSONValue
        do { json = try JSONTree(bytes).root } catch { throw OutboundOrder.Refusal("it is no JSON") }
        guard json.isObject else { throw OutboundOrder.Refusal("it is no object") }
        guard let action = json.text("action") else { throw OutboundOrder.Refusal("it has no action") }
        guard ["tweet", "delete", "dm"].contains(action) else {
            throw OutboundOrder.Refusal("there is no such action")
        }
        guard let payload = json["payload"], payload.isObject else {
            throw OutboundOrder.Refusal("its payload is no object")
        }
        let raw = payload.raw
        guard raw.count <= Self.payloadMax else { throw OutboundOrder.Refusal("it is too long") }
        guard let text = String(validating: raw, as: UTF8.self) else {
            throw OutboundOrder.Refusal("it is no UTF-8")
        }
        _ = try OutboundOrder(action, payload: raw)
        self.action = action
        self.payload = text
        preview = payload.text("text") ?? text
        let said = json["moderation"].flatMap { $0.text ?? $0.text("status") ?? $0.text("state") }
        standing =
            switch said?.lowercased() {
            case "approved": .approved
            case "rejected", "executed": .rejected
            default: .pending
            }
        if let name = json.text("idempotency_key"), (1...Self.keyMax).contains(name.utf8.count) {
            key = "redis:key:\(name)"
        } else {
            key = "redis:\(Hex.string(SHA256.digest(bytes).bytes))"
        }
    }
}
