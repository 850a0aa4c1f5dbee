import NIOCore

extension World {
    /// `GET /rest/v1/lists.json`: by `id`, `name`, `programName`, `workspaceName`, 300 a page; the token on all pages but the last (R).
    mutating func allLists(_ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        func asked(_ name: String) -> Set<String>? { request.parameters.list(name).flatMap { $0.isEmpty ? nil : Set($0) } }
        let (ids, names, programs, workspaces) = (asked("id"), asked("name"), asked("programName"), asked("workspaceName"))
        let lists = self.lists.filter { id, list in
            (ids?.contains(String(id)) ?? true) && (names?.contains(list.name) ?? true) && (programs?.contains(list.program ?? "") ?? true)
                && (workspaces?.contains(list.workspace) ?? true)
        }
        let items = lists.sorted { $0.key < $1.key }.map { (id: $0.key, list: $0.value) }
        return self.result(try self.page(of: items, kind: "list", request) { $0.id }, at: uptime, Self.writeList)
    }

    /// `GET /rest/v1/lists/{id}.json`.
    mutating func list(_ id: Int64, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        guard let list = self.lists[id] else { throw VendorError("1013", "List '\(id)' not found") }
        return self.result([(id: id, list: list)], at: uptime, Self.writeList)
    }

    /// `POST` and `DELETE /rest/v1/lists/{id}/leads.json`.
    ///
    /// Neither moves `updatedAt` (R).
    mutating func changeList(_ id: Int64, _ request: VendorRequest, adding: Bool, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        guard let list = self.lists[id] else { throw VendorError("1013", "List '\(id)' not found") }
        let leads = try self.leadIDs(request)
        var results: [(id: Int64, status: String, reason: VendorError?)] = []
        for lead in leads {
            if self.leads.row(of: lead) == nil {
                results.append((lead, "skipped", VendorError("1004", "Lead not found")))
            } else if adding {
                self.lists[id]?.members.insert(lead)
                results.append((lead, "added", nil))
            } else if self.lists[id]?.members.remove(lead) != nil {
                results.append((lead, "removed", nil))
            } else {
                results.append((lead, "skipped", VendorError("1015", "Lead not in list")))
            }
            guard results.last?.reason == nil else { continue }
            self.commit(
                Activity(
                    type: adding ? 24 : 25, lead: lead, date: self.seconds(at: uptime), primaryID: id, primaryValue: list.fullName,
                    attributes: [.init("Source", .string(ChangeSource.webService.source))]))
        }
        return self.result(results, at: uptime) { buffer, record in
            buffer.writeString("{\"id\":\(record.id),\"status\":\"\(record.status)\"")
            if let reason = record.reason { buffer.writeString(",\"reasons\":[{\"code\":\"\(reason.code)\",\"message\":\"\(reason.message)\"}]") }
            buffer.writeString("}")
        }
    }

    /// `GET /rest/v1/lists/{id}/leads/ismember.json?id=…`.
    mutating func isMember(_ id: Int64, _ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        guard let members = self.lists[id]?.members else { throw VendorError("1013", "List '\(id)' not found") }
        return self.result(try self.leadIDs(request), at: uptime) { buffer, lead in
            buffer.writeString("{\"id\":\(lead),\"status\":\"\(members.contains(lead) ? "memberof" : "notmemberof")\"}")
        }
    }

    private func leadIDs(_ request: VendorRequest) throws(VendorError) -> [Int64] {
        var ids = (request.parameters.list("id") ?? []).compactMap { Int64($0) }
        if ids.isEmpty, request.body.readableBytes > 0, request.isJSON {
            ids = (try request.json()["input"]?.elements ?? []).compactMap { $0["id"]?.integer }
        }
        guard !ids.isEmpty else { throw VendorError("1003", "Lead ids not specified") }
        guard ids.count <= 300 else { throw VendorError("1003", "Too many leads specified: at most 300") }
        return ids
    }

    private static func writeList(_ buffer: inout ByteBuffer, _ item: (id: Int64, list: StaticList)) {
        buffer.writeString("{\"id\":\(item.id),\"name\":")
        buffer.writeJSON(item.list.name)
        buffer.writeString(",\"programName\":")
        buffer.writeJSON(item.list.program)
        buffer.writeString(",\"workspaceName\":")
        buffer.writeJSON(item.list.workspace)
        buffer.writeString(",\"createdAt\":")
        CivilTime.writeJSON(item.list.createdAt, to: &buffer)
        buffer.writeString(",\"updatedAt\":")
        CivilTime.writeJSON(item.list.createdAt, to: &buffer)
        buffer.writeString("}")
    }
}
