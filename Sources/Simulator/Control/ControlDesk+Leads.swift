import Hummingbird
import NIOCore

extension ControlDesk {
    /// `/simulator/leads…`: the truth as it is now, and changes from behind.
    func leads(_ method: String, _ rest: [String], _ query: Parameters, _ body: JSONValue) throws -> Response {
        switch (method, rest.first) {
        case ("GET", nil): return self.dump(fields: try self.fields(query))
        case ("GET", let id):
            guard let id = id.flatMap({ Int64($0) }), let lead = self.instance.with({ world, _ in world.lead(id) }) else {
                throw ControlError.notFound
            }
            return try Self.json(lead)
        case ("POST", "create"):
            let leads = body["leads"]?.elements
            let count = Int(clamping: body["count"]?.integer ?? 0)
            guard count <= Self.mostLeads else { throw ControlError.refused("count is \(Self.mostLeads) at most") }
            let ids = try self.instance.with { world, now in
                guard let leads else { return world.createMadeUp(count, at: now) }
                return try leads.map { try world.createLead($0.members ?? [], at: now) }
            }
            return try Self.json(["ids": ids])
        case ("POST", "update"):
            let (ids, values) = (try Self.ids(body), body["set"]?.members ?? [])
            return try Self.done(self.instance.with { world, now in for id in ids { try world.updateLead(id, values, at: now) } })
        case ("POST", "score"):
            let (ids, change) = (try Self.ids(body), body["by"]?.integer ?? 10)
            return try Self.done(self.instance.with { world, now in for id in ids { try world.changeScore(id, by: change, at: now) } })
        case ("POST", "delete"):
            let ids = try Self.ids(body)
            return try Self.done(self.instance.with { world, now in for id in ids { world.delete(id, at: now) } })
        case ("POST", "merge"):
            guard let winner = body["winner"]?.integer, let losers = body["losers"]?.elements?.compactMap(\.integer) else {
                throw ControlError.refused("winner and losers are needed")
            }
            return try Self.done(self.instance.with { world, now in try world.merge(losers, into: winner, at: now) })
        default: throw ControlError.notFound
        }
    }

    /// One lead a line, 500 under one lock, so that the calls of a test go on meanwhile.
    private func dump(fields: [Int]) -> Response {
        let instance = self.instance
        let body = ResponseBody { writer in
            let ids = instance.with { world, _ in world.leads.ids }
            for start in stride(from: 0, to: ids.count, by: 500) {
                let lines = instance.with { world, _ in
                    var buffer = ByteBuffer()
                    for id in ids[start..<min(start + 500, ids.count)] {
                        guard let row = world.leads.row(of: id) else { continue }
                        world.leads.writeJSON(row: row, fields: fields, to: &buffer)
                        buffer.writeString("\n")
                    }
                    return buffer
                }
                try await writer.write(lines)
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    /// The fields asked for, or what a bridge to another system cares about.
    private func fields(_ query: Parameters) throws -> [Int] {
        let names = query.list("fields") ?? Self.dumped
        let catalog = self.instance.with { world, _ in world.leads.catalog }
        return try (["id"] + names.filter { $0 != "id" }).map { name in
            guard let index = catalog.fields.firstIndex(where: { $0.name == name }) else { throw ControlError.refused("no field \(name)") }
            return index
        }
    }

    private static func ids(_ body: JSONValue) throws -> [Int64] {
        guard let ids = body["ids"]?.elements?.compactMap(\.integer), !ids.isEmpty else { throw ControlError.refused("ids is needed") }
        return ids
    }

    private static let mostLeads = 1_000_000

    private static let dumped = [
        "email", "firstName", "lastName", "company", "title", "department", "phone", "mobilePhone", "mainPhone", "leadScore", "leadStatus",
        "leadSource", "mktoAcquisitionDate", "createdAt", "updatedAt", "mazrica_phase",
    ]
}
