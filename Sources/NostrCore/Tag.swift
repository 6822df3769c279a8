// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One tag of an event: a name and values (NIP-01). May be empty, and may have no value.
public struct Tag: Hashable, Sendable, ExpressibleByArrayLiteral {
    public var elements: [TagValue]

    public init(_ elements: [TagValue]) { self.elements = elements }
    public init(_ elements: [String]) { self.elements = elements.map { TagValue($0) } }
    public init(arrayLiteral elements: TagValue...) { self.elements = elements }

    /// The first element.
    public var name: TagValue? { elements.first }
    /// The second element: the one that filters look at.
    public var value: TagValue? { elements.count > 1 ? elements[1] : nil }
    /// Everything after the name.
    public var values: ArraySlice<TagValue> { elements.dropFirst() }
}
