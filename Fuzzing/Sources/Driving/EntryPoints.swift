// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// What libFuzzer calls (https://llvm.org/docs/LibFuzzer.html); its own `main` is in its library.
enum EntryPoints {
    /// Who is fed: `FUZZER=frames`.
    static let chosen: Fuzzer = {
        if let name = getenv("FUZZER").map({ String(cString: $0) }), let fuzzer = Fuzzer(rawValue: name) {
            return fuzzer
        }
        let names = Fuzzer.allCases.map(\.rawValue).joined(separator: ", ")
        fatalError("set FUZZER to one of \(names)")
    }()
}

/// One input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    EntryPoints.chosen.feed(FuzzInput(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ oneInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager has the linker begin here.
@_cdecl("fuzz_main")
public func fuzzMain(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    var count = count
    var arguments = arguments
    return withUnsafeMutablePointer(to: &arguments) { runDriver(&count, $0, fuzzOneInput) }
}
