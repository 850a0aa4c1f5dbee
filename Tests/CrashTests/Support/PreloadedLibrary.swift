import Foundation

/// A small library in C that is loaded into a program before the system's own, and stands in for parts of it.
struct PreloadedLibrary {
    /// A C compiler; Swift brings one.
    static let compiler: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .flatMap { folder in ["cc", "clang"].map { URL(fileURLWithPath: "\(folder)/\($0)") } }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }

    /// Its own, for whatever its programs leave.
    let folder: URL

    /// Built from `source`.
    init(source: String) throws {
        self.folder = FileManager.default.temporaryDirectory.appending(path: "preloaded-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        let file = self.folder.appending(path: "library.c")
        try Data(source.utf8).write(to: file)
        let compiler = Process()
        compiler.executableURL = Self.compiler
        compiler.arguments = ["-shared", "-fPIC", "-o", self.path, file.path, "-ldl"]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }

    private var path: String { self.folder.appending(path: "library.so").path }

    /// What a program is started with that is to have it.
    var environment: [String: String] { ["LD_PRELOAD": self.path] }

    func remove() { try? FileManager.default.removeItem(at: self.folder) }
}
