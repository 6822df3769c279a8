// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import PackageDescription

/// What every Swift target of this package is compiled with.
let settings: [SwiftSetting] = [
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0443-warning-control-flags.md
    .treatAllWarnings(as: .error),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// `~Escapable` lifetimes, so that bytes of a memory map cannot outlive their transaction.
/// https://github.com/swiftlang/swift-evolution/blob/main/proposals/0446-non-escapable.md
let lifetimes: SwiftSetting = .enableExperimentalFeature("Lifetimes")

let nio = "swift-nio"
let transport: [Target.Dependency] = [
    .product(name: "NIOCore", package: nio),
    .product(name: "NIOPosix", package: nio),
    .product(name: "NIOConcurrencyHelpers", package: nio),
    .product(name: "NIOHTTP1", package: nio),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
]
let locks: Target.Dependency = .product(name: "NIOConcurrencyHelpers", package: nio)
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")

/// A room of the house. Arrows point down only: see `docs/explanation/house.md`.
func room(_ name: String, _ dependencies: [Target.Dependency], extra: [SwiftSetting] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings + extra)
}

/// The tests of one room, mirroring its sources.
///
/// - Parameter exclude: folders of files that the tests read by themselves.
func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "rookery",
    products: [
        .executable(name: "rookery", targets: ["rookery"]),
        .library(name: "NostrCore", targets: ["NostrCore"]),
        .library(name: "EventStore", targets: ["EventStore"]),
        .library(name: "Ingest", targets: ["Ingest"]),
        .library(name: "Negentropy", targets: ["Negentropy"]),
        // For `Benchmarks/`: the scripted upstreams.
        .library(name: "TestSupport", targets: ["TestSupport"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // C, through pkg-config and Debian's -dev packages.
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(
            name: "CSecp256k1", pkgConfig: "libsecp256k1", providers: [.apt(["libsecp256k1-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CSpawn"),

        // Pure: no sockets, no clock, no chance.
        room("NostrCore", ["CSecp256k1", "CCrypto"]),
        room("RepositoryRules", ["NostrCore"]),
        room("RelaySession", ["NostrCore", collections]),
        room("SyncPlanner", ["NostrCore", "RepositoryRules", "Negentropy", collections]),
        room("Negentropy", ["NostrCore"]),
        room("TweetCore", ["NostrCore", "CCrypto", "CSecp256k1", collections]),

        // Middle.
        room("EventStore", ["NostrCore", "Negentropy", "CLMDB", locks, collections], extra: [lifetimes]),
        room(
            "Ingest", ["NostrCore", "EventStore", "RepositoryRules", "CSpawn", locks, collections],
            extra: [lifetimes]),
        room("RelayTransport", ["NostrCore", "CCrypto", "CZlib", logging, collections] + transport),
        room("Telemetry", [locks, logging]),

        // Shells: they never import each other.
        room(
            "RelayServer",
            [
                "NostrCore", "RepositoryRules", "RelaySession", "RelayTransport", "Ingest", "EventStore",
                "Negentropy", "Telemetry", logging, lifecycle, collections,
            ] + transport, extra: [lifetimes]),
        room(
            "SyncEngine",
            [
                "NostrCore", "RepositoryRules", "SyncPlanner", "RelayTransport", "Ingest", "EventStore",
                "Negentropy", "Telemetry", logging, lifecycle, collections,
            ] + transport, extra: [lifetimes]),

        room(
            "TweetBridge",
            [
                "NostrCore", "TweetCore", "RelayTransport", "Ingest", "EventStore", "Telemetry", "CCrypto",
                "CHiredis", "CZstd", logging, lifecycle, collections,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
            ] + transport, extra: [lifetimes]),
        // A stand-in for X, to try the bridge without an account: it shares no code with the bridge.
        room("XStandIn", [collections] + transport),

        // Top: the one place that names them all.
        .executableTarget(
            name: "rookery",
            dependencies: [
                "NostrCore", "RepositoryRules", "EventStore", "Ingest", "RelayTransport", "RelaySession",
                "SyncPlanner", "Negentropy", "Telemetry", "RelayServer", "SyncEngine", "TweetCore",
                "TweetBridge", "XStandIn", "CMalloc", "CZlib", "CZstd", "TOMLKit", logging, lifecycle,
                collections,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ] + transport,
            swiftSettings: settings + [lifetimes]),

        // Tests mirror the sources one to one.
        .target(
            name: "TestSupport",
            dependencies: ["NostrCore", "EventStore", "RelayTransport", "CCrypto", logging] + transport,
            path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "TestSupportTests", dependencies: ["TestSupport", "NostrCore"], swiftSettings: settings),
        tests("NostrCore"),
        tests("RepositoryRules"),
        tests("RelaySession"),
        tests("SyncPlanner", ["Negentropy"]),
        tests("Negentropy"),
        tests("EventStore", ["StoreWorlds", "Negentropy"]),
        tests("Ingest"),
        tests("RelayTransport", transport),
        tests("Telemetry", [locks, logging]),
        tests("RelayServer", transport),
        tests("SyncEngine", transport),
        tests("TweetCore", ["NostrCore"], exclude: ["Golden"]),
        tests("XStandIn", transport),
        tests(
            "TweetBridge",
            ["NostrCore", "TweetCore", "XStandIn", "EventStore", "Ingest", "RelayTransport", logging]
                + transport),
        tests(
            "rookery",
            [
                "NostrCore", "EventStore", "Ingest", "RelayServer", "RelaySession", "RepositoryRules",
                "SyncPlanner", "Telemetry", "TweetBridge", "TweetCore", logging, lifecycle,
            ] + transport),
        .target(
            name: "SimulatedWorlds",
            dependencies: ["NostrCore", "Negentropy", "RepositoryRules", "SyncPlanner", "TestSupport"],
            path: "Tests/SimulatedWorlds",
            swiftSettings: settings),
        .testTarget(
            name: "Simulation", dependencies: ["SimulatedWorlds"], path: "Tests/Simulation",
            swiftSettings: settings),
        .target(
            name: "StoreWorlds",
            dependencies: ["NostrCore", "EventStore", "Negentropy", "RelaySession", "TestSupport", locks],
            path: "Tests/StoreWorlds", swiftSettings: settings),
        .executableTarget(
            name: "simulate", dependencies: ["SimulatedWorlds", "StoreWorlds"], path: "Tests/Simulate",
            swiftSettings: settings),
        .executableTarget(
            name: "counts",
            dependencies: ["NostrCore", "EventStore", "RelaySession", "Negentropy", "TestSupport"],
            path: "Tests/Counts", swiftSettings: settings + [lifetimes]),
        .testTarget(
            name: "ConformanceTests", dependencies: ["NostrCore", "TestSupport", locks],
            swiftSettings: settings),
        .testTarget(
            name: "EndToEnd", dependencies: ["NostrCore", "Negentropy", "TestSupport", "XStandIn"],
            path: "Tests/EndToEnd", exclude: ["peer"],
            swiftSettings: settings),
    ]
)

// What `scripts/fuzz.sh` builds in place of everything else: the rooms that read strangers' bytes as they are, and of the rooms
// that need a TLS library for other things, the files that do.
if Context.environment["ROOKERY_FUZZING"] != nil {
    let rooms = ["NostrCore", "Negentropy", "TweetCore", "SyncPlanner", "RepositoryRules"]
    let libraries = ["CSecp256k1", "CCrypto", "CZlib", "CZstd"]
    package.products = []
    package.targets.removeAll { !(rooms + libraries).contains($0.name) }
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: (rooms + libraries).map { .byName(name: $0) } + [
                .product(name: "NIOCore", package: nio), "TOMLKit",
            ],
            path: ".",
            sources: [
                "Fuzzing/Sources",
                "Sources/RelayTransport/Framing", "Sources/RelayTransport/Compression",
                "Sources/RelayTransport/WebSocket/CloseCode.swift",
                "Sources/RelayTransport/Dialing/ResponseHead.swift",
                "Sources/RelayTransport/Dialing/DialError.swift",
                "Sources/RelayTransport/Dialing/AddressClass.swift",
                "Sources/RelayTransport/Dialing/AddressClass+Ranges.swift",
                "Sources/RelayTransport/Dialing/IPAddress.swift",
                "Sources/RelayTransport/HTTP/ByteRange.swift",
                "Sources/RelayTransport/HTTP/HandshakeKey.swift",
                "Sources/Ingest/Plugin/PluginItem.swift",
                "Sources/SyncEngine/UpstreamInformation+JSON.swift",
                "Sources/SyncEngine/SyncEngineLimits.swift",
                "Sources/TweetBridge/Moderating/Pages/FormFields.swift",
                "Sources/TweetBridge/Media/FileURL.swift",
                "Sources/rookery/Control/LineBuffer.swift",
                "Sources/rookery/Compression",
                "Sources/rookery/Config/ConfigFile.swift", "Sources/rookery/Config/ConfigValue.swift",
                "Sources/rookery/Config/ConfigError.swift", "Sources/rookery/Config/SmallFile.swift",
                "Sources/rookery/Config/TOMLDefects.swift",
            ],
            // libFuzzer has the `main`.
            swiftSettings: settings + [lifetimes, .unsafeFlags(["-parse-as-library"])]))
}
