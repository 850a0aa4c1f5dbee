// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors where KAKEHASHI_WARNINGS=error, as in CI.
///
/// Not always: a newer compiler's new warning must not break anybody's build.
let warnings: [SwiftSetting] = Context.environment["KAKEHASHI_WARNINGS"] == "error" ? [.treatAllWarnings(as: .error)] : []

/// Swift 6 mode (the tools version's default) plus the upcoming features that later language modes turn on.
let features: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let strict = features + warnings

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioFoundation = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCompression = Target.Dependency.product(name: "NIOHTTPCompression", package: "swift-nio-extras")

/// What the processes that see both the vendors and the database may import.
let everyRoom: [Target.Dependency] = ["Jobs", "JobQueue", "Marketo", "Migrations", "Postgres", "Runtime", "Store", "Sync"]

let package = Package(
    name: "kakehashi",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "kakehashi", targets: ["Kakehashi"]),
        .executable(name: "worker", targets: ["Worker"]),
        .executable(name: "scheduler", targets: ["Scheduler"]),
        .executable(name: "simulator", targets: ["SimulatorCommand"]),
        .executable(name: "bench", targets: ["Bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The rooms, innermost first. Imports go one way; the build refuses an undeclared one.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "Postgres", dependencies: ["CLibPQ", collections, lifecycle, logging], swiftSettings: strict),
        .executableTarget(name: "MigrationEmbedder", swiftSettings: strict),
        .plugin(name: "EmbedMigrations", capability: .buildTool(), dependencies: ["MigrationEmbedder"]),
        .target(name: "Migrations", dependencies: ["Postgres"], swiftSettings: strict, plugins: ["EmbedMigrations"]),
        .target(name: "JobQueue", dependencies: ["Postgres", collections, lifecycle, logging, metrics, tracing], swiftSettings: strict),
        .target(name: "Sync", dependencies: [collections], swiftSettings: strict),
        .target(
            name: "Marketo", dependencies: ["Sync", asyncHTTPClient, logging, nioCore, nioFoundation, nioHTTP1, nioPosix, nioCompression],
            swiftSettings: strict),
        .target(name: "Jobs", dependencies: ["JobQueue", "Sync"], swiftSettings: strict),
        .target(name: "Store", dependencies: ["Postgres", "Sync", crypto], swiftSettings: strict),
        .target(name: "Runtime", dependencies: ["Postgres", argumentParser, lifecycle, logging, unixSignals], swiftSettings: strict),
        .target(
            name: "Traces",
            dependencies: ["Runtime", argumentParser, asyncHTTPClient, lifecycle, logging, nioCore, nioFoundation, nioHTTP1, tracing],
            swiftSettings: strict),
        .target(
            name: "Health", dependencies: ["Postgres", "Runtime", argumentParser, hummingbird, lifecycle, logging, metrics], swiftSettings: strict),
        .executableTarget(
            name: "Worker", dependencies: everyRoom + ["Health", "Traces", argumentParser, lifecycle, logging, metrics, tracing],
            swiftSettings: strict),
        .executableTarget(
            name: "Scheduler",
            dependencies: [
                "Health", "Jobs", "JobQueue", "Migrations", "Postgres", "Runtime", "Store", "Sync", "Traces", argumentParser, lifecycle, logging,
                metrics,
            ],
            swiftSettings: strict
        ),
        .target(name: "Fleet", dependencies: ["Runtime", asyncHTTPClient, nioCore, nioFoundation, nioHTTP1], swiftSettings: strict),
        .executableTarget(
            name: "Kakehashi",
            dependencies: everyRoom + ["Fleet", argumentParser, asyncHTTPClient, lifecycle, logging, nioCore, nioFoundation, nioHTTP1],
            swiftSettings: strict),
        .executableTarget(
            name: "Bench", dependencies: everyRoom + ["Fleet", argumentParser, lifecycle, logging, unixSignals], swiftSettings: strict),

        // The vendors' stand-in. Knows none of our rooms: two independent witnesses of a format.
        .target(
            name: "Simulator",
            dependencies: [collections, crypto, hummingbird, lifecycle, logging, nioCore, nioFoundation, nioHTTP1, nioPosix, nioCompression],
            swiftSettings: strict
        ),
        .executableTarget(name: "SimulatorCommand", dependencies: ["Simulator", argumentParser, lifecycle, logging], swiftSettings: strict),

        // The test kit (a private PostgreSQL, a simulator, given clocks), then a suite a room.
        .target(
            name: "TestKit", dependencies: ["Migrations", "Postgres", "Simulator", lifecycle, logging, nioCore, nioHTTP1, nioPosix],
            path: "Tests/TestKit",
            swiftSettings: strict),
        // A simulator, a database and the real programs between them; they lie beside the tests: `swift build --build-tests` makes them all.
        .target(
            name: "StageKit", dependencies: ["Fleet", "Postgres", "Runtime", "Simulator", "Store", "Sync", "TestKit"], path: "Tests/StageKit",
            swiftSettings: strict),
        .testTarget(name: "PostgresTests", dependencies: ["Migrations", "Postgres", "TestKit", logging], swiftSettings: strict),
        .testTarget(
            name: "JobQueueTests", dependencies: ["JobQueue", "Migrations", "Postgres", "TestKit", logging, lifecycle], swiftSettings: strict),
        .testTarget(name: "SyncTests", dependencies: ["Sync"], swiftSettings: strict),
        .testTarget(
            name: "MarketoTests",
            dependencies: ["Marketo", "Sync", "Simulator", "TestKit", asyncHTTPClient, logging, nioCore, nioHTTP1, nioPosix], swiftSettings: strict),
        .testTarget(name: "StoreTests", dependencies: ["Migrations", "Postgres", "Store", "Sync", "TestKit", logging], swiftSettings: strict),
        .testTarget(
            name: "SimulatorTests", dependencies: ["Simulator", asyncHTTPClient, crypto, logging, nioCore, nioFoundation, nioHTTP1],
            exclude: ["clients"],
            swiftSettings: strict),
        .testTarget(
            name: "WorkerTests",
            dependencies: everyRoom + ["Scheduler", "Simulator", "TestKit", "Worker", asyncHTTPClient, lifecycle, logging, nioCore],
            swiftSettings: strict),
        .testTarget(
            name: "HealthTests", dependencies: ["Health", "TestKit", asyncHTTPClient, logging, metrics, nioCore, nioHTTP1], swiftSettings: strict),
        .testTarget(
            name: "KakehashiTests", dependencies: everyRoom + ["Fleet", "Kakehashi", "Simulator", "TestKit", argumentParser, logging],
            swiftSettings: strict),
        .testTarget(
            name: "CrashTests",
            dependencies: everyRoom + ["Fleet", "Simulator", "StageKit", "TestKit", "Traces", asyncHTTPClient, logging, nioCore, nioHTTP1, tracing],
            swiftSettings: strict),
        .testTarget(
            name: "ChaosTests",
            dependencies: [
                "Fleet", "Postgres", "Runtime", "Simulator", "StageKit", "Store", "Sync", "TestKit", asyncHTTPClient, nioCore, nioFoundation,
                nioHTTP1,
            ],
            swiftSettings: strict),
    ]
)

// The rules' micro-benchmarks (`bin/bench rules`) bring in packages of their own: only who asks for them waits for those. Without its traits, whose packages
// count what is allocated and retained by standing between a program and its runtime.
if Context.environment["KAKEHASHI_BENCHMARKS"] == "rules" {
    package.dependencies.append(.package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []))
    package.targets.append(
        .executableTarget(
            name: "RulesBenchmarks", dependencies: ["Sync", .product(name: "Benchmark", package: "benchmark")], path: "Benchmarks/Rules",
            swiftSettings: strict, plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]))
}
