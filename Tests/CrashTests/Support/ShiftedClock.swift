import Foundation

/// Has a program believe that it is another time of day: a small library that is loaded before the system's own.
///
/// What measures lengths of time runs as ever, as on a machine whose clock was set wrong.
struct ShiftedClock {
    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdlib.h>
        #include <sys/time.h>
        #include <time.h>
        static long shift(void) { const char *text = getenv("CLOCK_SHIFT"); return text ? atol(text) : 0; }
        int clock_gettime(clockid_t clock, struct timespec *time) {
            static int (*real)(clockid_t, struct timespec *);
            if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
            int end = real(clock, time);
            if (clock == CLOCK_REALTIME) time->tv_sec += shift();
            return end;
        }
        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
            struct timespec now;
            int end = clock_gettime(CLOCK_REALTIME, &now);
            time->tv_sec = now.tv_sec; time->tv_usec = now.tv_nsec / 1000;
            return end;
        }
        time_t time(time_t *kept) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (kept) *kept = now.tv_sec;
            return now.tv_sec;
        }
        """

    /// A C compiler; Swift brings one.
    static let compiler: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .flatMap { folder in ["cc", "clang"].map { URL(fileURLWithPath: "\(folder)/\($0)") } }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }

    private let folder: URL

    init() throws {
        self.folder = FileManager.default.temporaryDirectory.appending(path: "shifted-clock-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        let file = self.folder.appending(path: "clock.c")
        try Data(Self.source.utf8).write(to: file)
        let compiler = Process()
        compiler.executableURL = Self.compiler
        compiler.arguments = ["-shared", "-fPIC", "-o", self.library, file.path, "-ldl"]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }

    private var library: String { self.folder.appending(path: "clock.so").path }

    /// What a program is started with whose clock is so many hours wrong.
    func environment(hours: Int) -> [String: String] { ["LD_PRELOAD": self.library, "CLOCK_SHIFT": "\(hours * 3_600)", "TZ": "UTC"] }

    /// The day that such a clock shows.
    func day(hours: Int) -> String { String(Date(timeIntervalSinceNow: Double(hours) * 3_600).ISO8601Format().prefix(10)) }

    func remove() { try? FileManager.default.removeItem(at: self.folder) }
}
