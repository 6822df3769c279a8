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
]

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "rookery", path: "..")],
    targets: [
        // The libraries alone, without our wrappers: the floor that figures are compared with.
        .systemLibrary(
            name: "CFloor", pkgConfig: "libsecp256k1", providers: [.apt(["libsecp256k1-dev", "liblmdb-dev"])]),
        .executableTarget(
            name: "rookery-bench",
            dependencies: [
                "CFloor", .product(name: "NostrCore", package: "rookery"),
                .product(name: "TestSupport", package: "rookery"),
            ],
            path: "Sources/RookeryBench", swiftSettings: settings),
    ]
)
