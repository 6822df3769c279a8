// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What can be fed with anything: one for each kind of bytes that strangers, upstreams, X or an operator send.
///
/// Each claims more than that nothing crashes: what was read and written again reads the same, however a stream is cut it says the
/// same, no bound of a `…Limits` is passed, and where something naive can say what is right, it is asked.
enum Fuzzer: String, CaseIterable {
    case events, filters, messages, names
    case frames, deflate, headers
    case negentropy, documents
    case posts, archives, orders
    case plugins, lines, config

    func feed(_ input: FuzzInput) {
        switch self {
        case .events: EventFuzzer.feed(input)
        case .filters: FilterFuzzer.feed(input)
        case .messages: MessageFuzzer.feed(input)
        case .names: NameFuzzer.feed(input)
        case .frames: FrameFuzzer.feed(input)
        case .deflate: DeflateFuzzer.feed(input)
        case .headers: HeaderFuzzer.feed(input)
        case .negentropy: NegentropyFuzzer.feed(input)
        case .documents: DocumentFuzzer.feed(input)
        case .posts: PostFuzzer.feed(input)
        case .archives: ArchiveFuzzer.feed(input)
        case .orders: OrderFuzzer.feed(input)
        case .plugins: PluginFuzzer.feed(input)
        case .lines: LineFuzzer.feed(input)
        case .config: ConfigFuzzer.feed(input)
        }
    }
}

/// Ends the program with a sentence when something does not hold: libFuzzer keeps the input that led there.
///
/// A `precondition` says nothing in a release build.
func claim(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    if !holds { fatalError(sentence()) }
}
