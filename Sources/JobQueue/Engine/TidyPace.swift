/// How long to rest between two clearings of the hot table.
///
/// Somebody's old transaction may keep all that is dead alive: then asking again and again helps nobody. It shows in that a clearing leaves most of
/// what it found; that there is *more* the next time shows nothing but a busy queue.
struct TidyPace {
    /// The server counts with a second's delay, and claims that follow each other don't walk past what is dead.
    private static let shortest = Duration.seconds(2)
    private static let longest = Duration.seconds(60)

    private var pause = Self.shortest

    /// After a clearing that found so many dead rows and left so many.
    mutating func rest(found: Int, left: Int) -> Duration {
        self.pause = left > found / 2 ? min(self.pause * 2, Self.longest) : Self.shortest
        return self.pause
    }
}
