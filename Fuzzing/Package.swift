// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import PackageDescription

/// What the sources are compiled with; each flag's proposal is linked in the main package.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // libFuzzer has the `main`.
    .unsafeFlags(["-parse-as-library"]),
]

/// One fuzzer: a program that libFuzzer drives (https://llvm.org/docs/LibFuzzer.html).
func fuzzer(_ name: String, _ rooms: [String]) -> Target {
    .executableTarget(
        name: name, dependencies: rooms.map { .product(name: $0, package: "rookery") },
        swiftSettings: settings)
}

let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "rookery", path: "..")],
    targets: [
        fuzzer("FuzzNegentropy", ["Negentropy", "NostrCore"]),
        fuzzer("FuzzTweets", ["TweetCore"]),
        fuzzer("FuzzWords", ["NostrCore"]),
    ]
)
