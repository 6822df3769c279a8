// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// JSON as it was sent, with the place of every value in it.
///
/// One flat list in the order of the text: a value, all that is inside it, then what follows it.
///
///     {"data": [{"id": "1"}, {"id": "2"}]}
///     0 object, 1 data: array, 2 object, 3 id: string, 4 object, 5 id: string
///
/// The structure is strict (RFC 8259). Strings are not: what is no UTF-8 or half a surrogate pair reads as U+FFFD, as one odd name
/// must not cost a page of posts.
public struct JSONTree: Sendable {
    let bytes: [UInt8]
    let nodes: [Node]

    /// - Throws: ``ReadingError/notJSON(at:)`` or ``ReadingError/tooLarge``.
    /// - Complexity: O(bytes).
    public init(_ bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(ReadingError) {
        guard bytes.count <= min(limits.bytesMax, Int(Int32.max)) else { throw .tooLarge }
        var builder = JSONTreeBuilder(limits: limits, end: bytes.count)
        try builder.build(bytes.span)
        self.bytes = bytes
        nodes = builder.nodes
    }

    /// The value that all others are in.
    public var root: JSONValue { JSONValue(tree: self, index: 0) }

    /// One value. The ranges count bytes; those of strings and names are without the quotes.
    struct Node: Sendable {
        var kind: Kind
        var start: Int32
        var end: Int32
        /// Empty but for members of objects.
        var nameStart: Int32
        var nameEnd: Int32
        /// The first node that is not inside this one.
        var next: Int32
    }

    enum Kind: UInt8, Sendable {
        case null, yes, no, number, string, escapedString, array, object
    }

    /// Where a value stands, for people: `data[3].author_id`.
    ///
    /// - Complexity: O(values before it).
    func path(of index: Int) -> String {
        var path = ""
        var at = 0
        while at != index {
            let isArray = nodes[at].kind == .array
            var child = at + 1
            var place = 0
            while child < nodes.count, Int(nodes[child].next) <= index {
                child = Int(nodes[child].next)
                place += 1
            }
            guard child < nodes.count else { break }
            let name = bytes[Int(nodes[child].nameStart)..<Int(nodes[child].nameEnd)].prefix(64)
            if isArray {
                path += "[\(place)]"
            } else {
                path += (path.isEmpty ? "" : ".") + String(decoding: name, as: UTF8.self)
            }
            at = child
        }
        return path
    }
}
