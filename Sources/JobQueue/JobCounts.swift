/// How many jobs are in each state.
package struct JobCounts: Sendable, Equatable {
    /// Due now.
    package let ready: Int
    /// Due later.
    package let scheduled: Int
    /// Being done.
    package let running: Int
    /// Waiting with a failed attempt, or a crash, behind them.
    package let retrying: Int
    /// Waiting for a person.
    package let dead: Int
}
