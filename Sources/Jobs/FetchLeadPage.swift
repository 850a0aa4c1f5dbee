package import JobQueue
package import Sync

/// Reads one block of 300 consecutive lead ids, one call, and stores what is there.
///
/// - Shape: `{"block": 12, "run": 7, "purpose": "sweep"}`; block n holds the ids 300 n + 1 … 300 n + 300. The run is the one that wants it, if one does; without a purpose
///   it is the full load's.
/// - Unique: one waiting job a block.
/// - Ends: `done`, the block marked as scanned in the same transaction. Source: sync-algorithms.md 3.3.
package struct FetchLeadPage: Job {
    package static let kind = "fetch-lead-page"
    package static let policy = JobPolicy.asksMarketo(priority: Urgency.backfill, turn: JobPolicy.contactsTurn)
    /// The block.
    package let block: LeadBlock
    /// The run in `sync.runs` that wants it read.
    package let run: Int64?
    /// What it is read for; `nil` is the full load.
    package let purpose: BlockPurpose?
    package var uniqueKey: String? { "block:\(self.block.number)" }
    package init(block: LeadBlock, run: Int64? = nil, purpose: BlockPurpose? = nil) {
        self.block = block
        self.run = run
        self.purpose = purpose
    }
}
