import NIOCore

extension World {
    /// `POST /bulk/v1/{leads|activities}/export/create.json`.
    mutating func createExport(_ kind: BulkJob.Kind, _ request: VendorRequest, _ permit: Permit, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        self.moveExports(at: uptime)
        try self.checkExportQuota(at: uptime)
        let order = try self.exportOrder(kind, try request.json())
        let job = BulkJob(
            number: self.bulk.nextNumber, id: self.newExportID(), kind: kind, user: self.user(of: permit), order: order,
            createdAt: self.seconds(at: uptime))
        self.bulk.add(job)
        return self.result([job], at: uptime) { $1.write(to: &$0) }
    }

    /// `POST …/export/{id}/enqueue.json`.
    mutating func enqueueExport(
        _ kind: BulkJob.Kind, _ id: String, _ permit: Permit, at uptime: Int64
    ) throws(VendorError) -> ByteBuffer {
        let index = try self.export(kind, id, permit, at: uptime)
        guard self.bulk[index].status == .created else { throw VendorError("1029", "Job already queued") }
        guard self.bulk.waiting < BulkDesk.mostQueued else { throw VendorError("1029", "Too many jobs (\(BulkDesk.mostQueued)) in queue") }
        try self.checkExportQuota(at: uptime)
        self.bulk[index].status = .queued
        self.bulk[index].queuedAt = self.seconds(at: uptime)
        self.bulk[index].isStuck = permit.fault(.bulkStuck) != nil
        self.bulk[index].failure = permit.fault(.bulkFailed).map { $0.message ?? "Export failed" }
        return self.exportAnswer(index, at: uptime)
    }

    /// `GET …/export/{id}/status.json`.
    mutating func exportStatus(_ kind: BulkJob.Kind, _ id: String, _ permit: Permit, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        self.exportAnswer(try self.export(kind, id, permit, at: uptime), at: uptime)
    }

    /// `POST …/export/{id}/cancel.json`.
    mutating func cancelExport(_ kind: BulkJob.Kind, _ id: String, _ permit: Permit, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        let index = try self.export(kind, id, permit, at: uptime)
        guard [.created, .queued, .processing].contains(self.bulk[index].status) else {
            throw VendorError("1003", "Export job '\(id)' can't be cancelled")
        }
        self.bulk[index].status = .cancelled
        return self.exportAnswer(index, at: uptime)
    }

    /// `GET …/export.json?status=`: the user's own of the last seven days; "Canceled" is taken too.
    mutating func exports(_ kind: BulkJob.Kind, _ request: VendorRequest, _ permit: Permit, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        self.moveExports(at: uptime)
        let statuses = (request.parameters.list("status") ?? []).map { $0 == "Canceled" ? "Cancelled" : $0 }
        let (user, oldest) = (self.user(of: permit), self.seconds(at: uptime) - 7 * 86_400)
        let jobs = self.bulk.jobs.filter {
            $0.kind == kind && $0.user == user && $0.createdAt >= oldest && (statuses.isEmpty || statuses.contains($0.status.rawValue))
        }
        return self.result(try self.page(of: jobs, kind: "export", request) { $0.number }, at: uptime) { $1.write(to: &$0) }
    }

    /// `GET …/export/{id}/file.json`: the whole, or the part `Range` asks for; 404 in plain text when there is none.
    mutating func exportFile(_ kind: BulkJob.Kind, _ id: String, _ request: VendorRequest, _ permit: Permit, at uptime: Int64) -> Answer {
        self.moveExports(at: uptime)
        let index = self.bulk.index(of: id, kind, user: self.user(of: permit))
        guard let index, self.bulk[index].status == .completed, permit.fault(.bulkGone) == nil,
            let finishedAt = self.bulk[index].finishedAt, finishedAt + 7 * 86_400 > self.seconds(at: uptime)
        else {
            return Answer(
                status: 404, contentType: "text/plain;charset=UTF-8", body: ByteBuffer(string: "File not found"), isPlain: true, code: "http 404")
        }
        let file = self.bulk[index].file
        let total = file.readableBytes
        var answer = Answer(contentType: "text/csv;charset=UTF-8", headers: [("Accept-Ranges", "bytes")], body: file, isPlain: true)
        if let range = request.range {
            guard let part = Self.range(range, total: total), let slice = file.getSlice(at: file.readerIndex + part.lowerBound, length: part.count)
            else {
                return Answer(
                    status: 416, contentType: "text/plain;charset=UTF-8", headers: [("Content-Range", "bytes */\(total)")], body: ByteBuffer(),
                    isPlain: true, code: "http 416")
            }
            answer.status = 206
            answer.body = slice
            answer.headers.append(("Content-Range", "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(total)"))
        }
        return answer
    }

    /// `bytes=a-b` and `bytes=a-`; `nil` when nothing of it is there.
    static func range(_ text: String, total: Int) -> Range<Int>? {
        guard text.hasPrefix("bytes=") else { return nil }
        let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int(ends[0]), first >= 0, first < total else { return nil }
        guard let last = ends[1].isEmpty ? total - 1 : Int(ends[1]), last >= first else { return nil }
        return first..<min(last, total - 1) + 1
    }

    /// Lets the queue do what was due by now.
    mutating func moveExports(at uptime: Int64) {
        let now = self.seconds(at: uptime)
        let queued = Int64(clamping: self.switches.bulkSecondsQueued, to: 0...86_400_000)
        let running = Int64(clamping: self.switches.bulkSecondsRunning, to: 0...86_400_000)
        while let event = self.bulk.next(by: now, secondsQueued: queued, secondsRunning: running) {
            if self.bulk[event.index].status == .queued {
                self.bulk[event.index].status = .processing
                self.bulk[event.index].startedAt = event.at
                continue
            }
            self.bulk[event.index].finishedAt = event.at
            guard self.bulk[event.index].failure == nil else {
                self.bulk[event.index].status = .failed
                continue
            }
            var job = self.bulk[event.index]
            self.write(&job, at: uptime)
            job.status = .completed
            self.bulk[event.index] = job
            let day = CentralTime(isFixed: self.switches.fixedZone).day(at: event.at)
            self.bulk.count(bytes: job.file.readableBytes, day: day)
        }
    }

    private mutating func export(_ kind: BulkJob.Kind, _ id: String, _ permit: Permit, at uptime: Int64) throws(VendorError) -> Int {
        self.moveExports(at: uptime)
        guard let index = self.bulk.index(of: id, kind, user: self.user(of: permit)) else {
            throw VendorError("1013", "Export job '\(id)' not found")
        }
        return index
    }

    private mutating func exportAnswer(_ index: Int, at uptime: Int64) -> ByteBuffer {
        let job = self.bulk[index]
        return self.result([job], at: uptime) { $1.write(to: &$0) }
    }

    private func checkExportQuota(at uptime: Int64) throws(VendorError) {
        guard let most = self.switches.bulkBytesPerDay, self.bulk.bytes(day: self.day(at: uptime)) >= most else { return }
        throw VendorError("1029", "Export daily quota 500MB exceeded.")
    }

    private func user(of permit: Permit) -> String { permit.client.flatMap { self.identity.clients[$0]?.user } ?? "" }

    private mutating func newExportID() -> String {
        let digits = (0..<4).map { _ in String(self.random.next() | 1 << 63, radix: 16) }.joined()
        var rest = digits[...]
        return [8, 4, 4, 4, 12].map { length in
            defer { rest = rest.dropFirst(length) }
            return String(rest.prefix(length))
        }.joined(separator: "-")
    }
}
