// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

internal import Foundation

extension JSON: Decodable {
    /// Reads JSON text; nil if it is none.
    public init?(_ bytes: some Sequence<UInt8>) {
        guard let value = try? JSONDecoder().decode(JSON.self, from: Data(bytes)) else { return nil }
        self = value
    }

    public init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: Name.self) {
            self = .object(
                try members.allKeys.sorted { $0.stringValue < $1.stringValue }.map { name in
                    Member(name: name.stringValue, value: try members.decode(JSON.self, forKey: name))
                })
            return
        }
        if var items = try? decoder.unkeyedContainer() {
            var values: [JSON] = []
            while !items.isAtEnd { values.append(try items.decode(JSON.self)) }
            self = .array(values)
            return
        }
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Int64.self) {
            self = .number(number)
        } else if let number = try? value.decode(Double.self) {
            self = .fraction(number)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
