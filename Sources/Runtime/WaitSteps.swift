/// How long to wait between attempts at something that is not there yet, and when to say so.
///
/// A value that decides; the waiting is the caller's. Pauses grow from a quarter of a second to five, each between half and the whole of its
/// step, so that a fleet that starts together does not knock together. It speaks at the first failure, then about twice a minute.
package struct WaitSteps: Sendable, Equatable {
    private var step: Duration = .milliseconds(250)
    private var silentFor: Duration = .seconds(30)

    /// At the beginning: the next failure is told at once.
    package init() {}

    /// The pause after one more failure, and whether to tell anybody.
    ///
    /// `random` is between 0 and 1.
    package mutating func next(random: Double) -> (pause: Duration, speak: Bool) {
        let pause = self.step * (0.5 + random / 2)
        let speak = self.silentFor >= .seconds(30)
        self.silentFor = speak ? pause : self.silentFor + pause
        self.step = min(self.step * 2, .seconds(5))
        return (pause, speak)
    }
}
