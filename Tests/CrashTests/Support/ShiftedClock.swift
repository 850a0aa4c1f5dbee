import Foundation

/// Has a program believe that it is another time of day.
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

    private let library: PreloadedLibrary

    init() throws { self.library = try PreloadedLibrary(source: Self.source) }

    /// What a program is started with whose clock is so many hours wrong.
    func environment(hours: Int) -> [String: String] {
        self.library.environment.merging(["CLOCK_SHIFT": "\(hours * 3_600)", "TZ": "UTC"]) { _, own in own }
    }

    /// The day that such a clock shows.
    func day(hours: Int) -> String { String(Date(timeIntervalSinceNow: Double(hours) * 3_600).ISO8601Format().prefix(10)) }

    func remove() { self.library.remove() }
}
