// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One value of a ``JSONTree``. What is not of the type asked for reads as if it were not there.
public struct JSONValue: Sendable {
    let tree: JSONTree
    let index: Int

    private var node: JSONTree.Node { tree.nodes[index] }
    private var bytes: ArraySlice<UInt8> { tree.bytes[Int(node.start)..<Int(node.end)] }

    /// A member of an object; of equal names the first. `null` is as good as absent.
    ///
    /// Names are compared as they are spelt: X escapes nothing in them.
    public subscript(_ name: StaticString) -> JSONValue? {
        guard node.kind == .object else { return nil }
        var child = index + 1
        while child < Int(node.next) {
            if isNamed(name, child) {
                return tree.nodes[child].kind == .null ? nil : JSONValue(tree: tree, index: child)
            }
            child = Int(tree.nodes[child].next)
        }
        return nil
    }

    /// The same in two vocabularies, the older before the newer.
    public subscript(_ older: StaticString, _ newer: StaticString) -> JSONValue? {
        self[older] ?? self[newer]
    }

    /// The elements of an array; of anything else none.
    public var elements: [JSONValue] { node.kind == .array ? children : [] }

    /// The values of an object's members.
    public var members: [(name: String, value: JSONValue)] {
        guard node.kind == .object else { return [] }
        return children.map { child in
            let place = tree.nodes[child.index]
            let name = tree.bytes[Int(place.nameStart)..<Int(place.nameEnd)]
            return (String(decoding: name, as: UTF8.self), child)
        }
    }

    public var isObject: Bool { node.kind == .object }

    public var text: String? {
        switch node.kind {
        case .string: String(decoding: bytes, as: UTF8.self)
        case .escapedString:
            String(
                decoding: JSONText.unescaped(tree.bytes.span, Int(node.start)..<Int(node.end)), as: UTF8.self)
        default: nil
        }
    }

    /// A string, or a number as it is spelt.
    public var spelt: String? { node.kind == .number ? String(decoding: bytes, as: UTF8.self) : text }

    /// A whole number, or a string that is one.
    public var integer: Int? { spelt.flatMap { Int($0) } }

    public var flag: Bool? {
        switch node.kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// An object, array, number or word as it was sent.
    public var raw: [UInt8] { Array(bytes) }

    /// The error that says that this is not what it should be.
    var isWrong: ReadingError { .wrong(at: tree.path(of: index)) }

    private var children: [JSONValue] {
        var children: [JSONValue] = []
        var child = index + 1
        while child < Int(node.next) {
            children.append(JSONValue(tree: tree, index: child))
            child = Int(tree.nodes[child].next)
        }
        return children
    }

    private func isNamed(_ name: StaticString, _ child: Int) -> Bool {
        let place = tree.nodes[child]
        let start = Int(place.nameStart)
        guard Int(place.nameEnd) - start == name.utf8CodeUnitCount else { return false }
        for offset in 0..<name.utf8CodeUnitCount where tree.bytes[start + offset] != name.utf8Start[offset] {
            return false
        }
        return true
    }
}
