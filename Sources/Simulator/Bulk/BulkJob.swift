import NIOCore

/// One export a client asked for.
struct BulkJob: Sendable {
    /// What is exported.
    enum Kind: String, Sendable {
        case leads, activities
    }

    /// The vendor's words (R: "Cancelled" with two l).
    enum Status: String, Sendable {
        case created = "Created"
        case queued = "Queued"
        case processing = "Processing"
        case cancelled = "Cancelled"
        case completed = "Completed"
        case failed = "Failed"
    }

    /// Rises from job to job; pages of the list go by it.
    let number: Int64
    let id: String
    let kind: Kind
    /// The API user who made it: nobody else sees it.
    let user: String
    let order: BulkOrder
    var status = Status.created
    /// Seconds since 1970, like the others.
    let createdAt: Int64
    var queuedAt: Int64?
    var startedAt: Int64?
    var finishedAt: Int64?
    var records = 0
    var file = ByteBuffer()
    var checksum = ""
    /// It never leaves the queue.
    var isStuck = false
    /// It will fail, with this sentence.
    var failure: String?

    /// As create, enqueue, status, cancel and the list show it.
    func write(to buffer: inout ByteBuffer) {
        buffer.writeString("{\"exportId\":\"\(self.id)\",\"format\":\"\(self.order.format.rawValue)\",\"status\":\"\(self.status.rawValue)\"")
        for (name, time) in [
            ("createdAt", self.createdAt), ("queuedAt", self.queuedAt), ("startedAt", self.startedAt), ("finishedAt", self.finishedAt),
        ] {
            if let time { buffer.writeString(",\"\(name)\":\"\(CivilTime(seconds: time).zulu)\"") }
        }
        if self.status == .completed {
            buffer.writeString(
                ",\"numberOfRecords\":\(self.records),\"fileSize\":\(self.file.readableBytes),\"fileChecksum\":\"sha256:\(self.checksum)\"")
        }
        if self.status == .failed, let failure = self.failure {
            buffer.writeString(",\"errorMsg\":")
            buffer.writeJSON(failure)
        }
        buffer.writeString("}")
    }
}
