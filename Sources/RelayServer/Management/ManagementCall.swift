// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Ingest
import NostrCore
import RepositoryRules

/// One call of the management interface, as it came.
struct ManagementCall: Decodable {
    var method: String
    var params: [Parameter]

    /// One parameter; what no method takes is kept as `other`.
    enum Parameter: Decodable, Hashable {
        case text(String)
        case number(Int)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .other
            }
        }
    }

    private enum Key: CodingKey { case method, params }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        method = try container.decode(String.self, forKey: .method)
        params = try container.decodeIfPresent([Parameter].self, forKey: .params) ?? []
    }

    /// - Throws: ``Problem`` when it is no call.
    static func parse(_ json: [UInt8]) throws(Problem) -> ManagementCall {
        do { return try JSONDecoder().decode(ManagementCall.self, from: Data(json)) } catch {
            throw Problem("the body is not an object with method and params")
        }
    }

    /// Why a call cannot be served, in a sentence for whoever made it.
    struct Problem: Error, Hashable {
        var text: String
        init(_ text: String) { self.text = text }
    }
}

extension ManagementCall {
    /// The parameters as JSON, for the record; what no method takes is `null`.
    var spelledParameters: String {
        let list = JSONObject.list(
            params.map { parameter in
                switch parameter {
                case .text(let text): JSONObject.quoted(text)
                case .number(let number): Array(String(number).utf8)
                case .other: Array("null".utf8)
                }
            })
        return String(decoding: list, as: UTF8.self)
    }
}

/// The parameters, as the methods want them.
extension ManagementCall {
    func key() throws(Problem) -> PublicKey {
        guard let key = PublicKey(anyForm: try text(0, "a public key")) else {
            throw Problem("a public key has 64 hexadecimal digits, or is an npub")
        }
        return key
    }

    func event() throws(Problem) -> EventID {
        guard let id = EventID(anyForm: try text(0, "an event id")) else {
            throw Problem("an event id has 64 hexadecimal digits, or is a note")
        }
        return id
    }

    func kind() throws(Problem) -> Kind {
        guard case .number(let number)? = params.first, let kind = UInt16(exactly: number) else {
            throw Problem("the first parameter is a kind from 0 to 65535")
        }
        return Kind(kind)
    }

    func address() throws(Problem) -> AddressPrefix {
        guard let prefix = AddressPrefix(try text(0, "an address")) else {
            throw Problem("an address is like 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32")
        }
        return prefix
    }

    func repository() throws(Problem) -> ArchivePattern {
        guard let pattern = ArchivePattern(try text(0, "a repository")), pattern != .everything else {
            throw Problem("a repository is \"npub…\", \"npub…/identifier\" or \"identifier\"")
        }
        return pattern
    }

    /// What pages may show and load: nothing that would be run; empty for none.
    func webURL() throws(Problem) -> String {
        let url = try line()
        let isWeb = ["http://", "https://"].contains {
            url.lowercased().hasPrefix($0) && url.count > $0.count
        }
        guard url.isEmpty || isWeb && url.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else {
            throw Problem("an icon is an http:// or https:// URL; an empty text undoes what was set")
        }
        return url
    }

    func line() throws(Problem) -> String { try text(0, "a text") }

    /// The second parameter, if there is one.
    func reason() throws(Problem) -> String { params.count > 1 ? try text(1, "a reason") : "" }

    private func text(_ index: Int, _ what: String) throws(Problem) -> String {
        guard params.indices.contains(index), case .text(let text) = params[index] else {
            throw Problem("parameter \(index + 1) is \(what) as text")
        }
        return text
    }
}
