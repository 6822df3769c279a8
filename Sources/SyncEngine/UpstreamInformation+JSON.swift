// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import SyncPlanner

extension UpstreamInformation {
    /// Reads an information document (NIP-11) as relays really write it: numbers may be numbers or text, and what is
    /// missing, of the wrong type or out of all reason counts as not said.
    ///
    /// - Returns: `nil` for what is no JSON object.
    init?(document: [UInt8]) {
        guard let read = try? JSONDecoder().decode(Document.self, from: Data(document)) else { return nil }
        self = read.information
    }

    private struct Document: Decodable {
        var information = UpstreamInformation()

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Field.self)
            let limits = try? fields.nestedContainer(keyedBy: Field.self, forKey: "limitation")
            func limit(_ name: Field) -> Int? {
                limits.flatMap { try? $0.decode(LooseInteger.self, forKey: name).value }
            }
            func flag(_ name: Field) -> Bool? {
                limits.flatMap { try? $0.decode(LooseFlag.self, forKey: name).value }
            }
            information.maxSubscriptions = limit("max_subscriptions")
            information.maxFilters = limit("max_filters")
            information.maxLimit = limit("max_limit")
            information.defaultLimit = limit("default_limit")
            information.maxMessageLength = limit("max_message_length")
            information.maxSubidLength = limit("max_subid_length")
            information.authRequired = flag("auth_required")
            information.paymentRequired = flag("payment_required")
            information.supportedNIPs = Self.nips(fields)
            information.software = (try? fields.decode(String.self, forKey: "software")).map(Self.short)
        }

        private static func nips(_ fields: KeyedDecodingContainer<Field>) -> [Int] {
            guard var list = try? fields.nestedUnkeyedContainer(forKey: "supported_nips") else { return [] }
            var nips: [Int] = []
            while !list.isAtEnd, nips.count < SyncEngineLimits.nipsMax {
                // `LooseInteger` takes anything, so the list always moves on.
                guard let item = try? list.decode(LooseInteger.self) else { break }
                if let nip = item.value { nips.append(nip) }
            }
            return nips
        }

        /// For the log: short, and without what a terminal would obey.
        private static func short(_ text: String) -> String {
            String(
                String.UnicodeScalarView(
                    text.unicodeScalars.lazy.filter {
                        !$0.properties.isDefaultIgnorableCodePoint && UpstreamWords.isPrintable($0)
                    }
                    .prefix(SyncEngineLimits.softwareNameMax)))
        }
    }

    /// Any name, as a constant.
    private struct Field: CodingKey, ExpressibleByStringLiteral {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringLiteral name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// A count written as a number or as text; anything else is `nil`, never an error.
    private struct LooseInteger: Decodable {
        let value: Int?

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            let number =
                (try? single.decode(Int.self))
                ?? (try? single.decode(Double.self)).flatMap { Int(exactly: $0.rounded(.down)) }
                ?? (try? single.decode(String.self)).flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }
            value = number.flatMap { (0...SyncEngineLimits.advertisedMax).contains($0) ? $0 : nil }
        }
    }

    /// A truth value written as one, as a number or as text.
    private struct LooseFlag: Decodable {
        let value: Bool?

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            if let flag = try? single.decode(Bool.self) {
                value = flag
            } else if let number = try? single.decode(Int.self) {
                value = number == 0 ? false : number == 1 ? true : nil
            } else {
                switch (try? single.decode(String.self))?.lowercased() {
                case "true", "yes", "1": value = true
                case "false", "no", "0": value = false
                default: value = nil
                }
            }
        }
    }
}
