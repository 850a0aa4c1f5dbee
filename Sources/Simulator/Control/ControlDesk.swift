import Foundation
import Hummingbird
import NIOCore

/// The control API under `/simulator/…`: what tests, the demo and people use to steer the instance.
///
/// Documented in `docs/simulator.md`.
struct ControlDesk: Sendable {
    let instance: Instance
    let life: LifeDriver
    /// The most calls counted by one control call.
    private static let most: Int64 = 1_000_000_000

    func respond(to request: Request) async throws -> Response {
        do {
            let body = try await request.body.collect(upTo: 64 * 1_048_576)
            let json: JSONValue
            if body.readableBytes == 0 {
                json = .object([])
            } else if let parsed = JSONValue(parsing: body.readableBytesView) {
                json = parsed
            } else {
                throw ControlError.refused("the body is not JSON")
            }
            let parts = request.uri.path.split(separator: "/").dropFirst().map(String.init)
            let query = Parameters(encoded: request.uri.query ?? "")
            return try self.route(request.method.rawValue, parts, query, json)
        } catch let error as ControlError {
            return try Self.json(["error": error.message], status: error.status)
        } catch let error as VendorError {
            return try Self.json(["error": error.message], status: 400)
        }
    }

    private func route(_ method: String, _ parts: [String], _ query: Parameters, _ body: JSONValue) throws -> Response {
        switch (method, parts.first, parts.dropFirst().first) {
        case ("GET", nil, nil): try Self.json(self.instance.with { world, now in Self.summary(world, now) })
        case ("GET", "evidence", nil): try Self.json(self.instance.with { world, _ in world.desk.report })
        case ("DELETE", "evidence", nil): try Self.done(self.instance.with { world, _ in world.desk.resetEvidence() })
        case ("GET", "limits", nil): try Self.json(self.instance.with { world, _ in world.desk.limits })
        case ("PATCH", "limits", nil):
            try Self.json(self.instance.with { world, _ in try Self.patch(&world.desk.limits, with: body) })
        case ("GET", "switches", nil): try Self.json(self.instance.with { world, _ in world.switches })
        case ("PATCH", "switches", nil):
            try Self.json(
                self.instance.with { world, _ in
                    let switches = try Self.patch(&world.switches, with: body)
                    world.desk.setFixedWindow(switches.fixedWindow)
                    return switches
                })
        case ("GET", "clock", nil): try Self.json(self.instance.with { world, now in ClockReport(world, at: now) })
        case ("PATCH", "clock", nil): try Self.json(self.instance.with { world, now in try Self.setClock(&world, body, at: now) })
        case (_, "faults", _): try self.faults(method, Array(parts.dropFirst()), body)
        case ("GET", "life", nil): try Self.json(self.life.setting)
        case ("PUT", "life", nil):
            try {
                var setting = LifeSetting()
                try Self.patch(&setting, with: body)
                self.life.start(setting)
                return try Self.json(setting)
            }()
        case ("DELETE", "life", nil): try Self.done(self.life.stop())
        case (_, "leads", _): try self.leads(method, Array(parts.dropFirst()), query, body)
        default: try self.instanceWide(method, parts, body)
        }
    }

    /// Clients, tokens, fields, lists, usage, activities.
    private func instanceWide(_ method: String, _ parts: [String], _ body: JSONValue) throws -> Response {
        switch (method, parts.first) {
        case ("POST", "clients"):
            let client = try Self.decode(APIClient.self, body)
            return try Self.done(self.instance.with { world, _ in world.identity.put(client) })
        case ("DELETE", "tokens"):
            let asInvalid = body["invalid"] == .bool(true)
            return try Self.done(self.instance.with { world, _ in world.identity.cutShort(asInvalid: asInvalid) })
        case ("POST", "fields"):
            let type = LeadField.DataType(rawValue: body["dataType"]?.text ?? "string")
            guard let name = body["name"]?.text, let type else { throw ControlError.refused("name and a dataType of describe.json are needed") }
            return try Self.done(
                self.instance.with { world, _ in
                    world.add(
                        LeadField(
                            id: world.leads.catalog.nextID, name: name, displayName: body["displayName"]?.text ?? name, type: type,
                            length: type == .string ? 255 : nil, soapName: name, isCustom: true))
                })
        case ("PATCH", "fields"):
            return try Self.done(
                self.instance.with { world, _ in
                    for name in body["hide"]?.elements?.compactMap(\.text) ?? [] { world.hide(field: name) }
                    for name in body["show"]?.elements?.compactMap(\.text) ?? [] { world.show(field: name) }
                })
        case ("POST", "lists"):
            guard let id = body["id"]?.integer else { throw ControlError.refused("id is needed") }
            let members = Set(body["ids"]?.elements?.compactMap(\.integer) ?? [])
            return try Self.done(
                self.instance.with { world, now in
                    world.putList(
                        id, name: body["name"]?.text ?? "List \(id)", program: body["programName"]?.text,
                        workspace: body["workspaceName"]?.text ?? "Default", members: members, at: now)
                })
        case ("POST", "usage"):
            guard let calls = body["calls"]?.integer, (0...Self.most).contains(calls) else {
                throw ControlError.refused("calls is needed, up to \(Self.most)")
            }
            return try Self.done(
                self.instance.with { world, now in
                    world.desk.count(user: body["user"]?.text ?? "other@example.com", calls: Int(calls), day: world.day(at: now))
                })
        case ("POST", "activities"):
            return try Self.done(
                self.instance.with { world, now in
                    try world.add(
                        try Self.activity(body, now: world.seconds(at: now)), changing: try Self.changes(body), isLate: body["late"] == .bool(true))
                })
        default: throw ControlError.notFound
        }
    }

    private func faults(_ method: String, _ rest: [String], _ body: JSONValue) throws -> Response {
        switch (method, rest.first) {
        case ("GET", nil):
            return try Self.json(
                self.instance.with { world, _ in world.faults.active.map { FaultReport(id: $0.id, fired: $0.fired, rule: $0.rule) } })
        case ("POST", nil):
            let rules = try (body.elements ?? [body]).map { try Self.decode(FaultRule.self, $0) }
            for complaint in rules.compactMap(\.complaint) { throw ControlError.refused(complaint) }
            return try Self.json(["ids": self.instance.with { world, _ in rules.map { world.faults.add($0) } }])
        case ("DELETE", nil): return try Self.done(self.instance.with { world, _ in world.faults.remove() })
        case ("DELETE", let id?):
            guard let id = Int(id) else { throw ControlError.notFound }
            return try Self.done(self.instance.with { world, _ in world.faults.remove(id) })
        default: throw ControlError.notFound
        }
    }

    private static func activity(_ body: JSONValue, now: Int64) throws -> Activity {
        guard let type = body["type"]?.integer.flatMap({ Int32(exactly: $0) }), let lead = body["leadId"]?.integer else {
            throw ControlError.refused("type and leadId are needed")
        }
        guard let date = body["date"]?.text.map({ CivilTime.seconds(parsing: $0) }) ?? now else {
            throw ControlError.refused("date is no ISO 8601 time")
        }
        return Activity(
            type: Int(type), lead: lead, date: date, campaign: body["campaignId"]?.integer, primaryID: body["primaryAttributeValueId"]?.integer,
            primaryValue: body["primaryAttributeValue"]?.text, attributes: body["attributes"]?.members?.map { .init($0.name, $0.value) } ?? [])
    }

    /// `fields`, as `leadchanges.json` shows them.
    private static func changes(_ body: JSONValue) throws -> [FieldChange] {
        try (body["fields"]?.elements ?? []).map { field in
            guard let name = field["name"]?.text else { throw ControlError.refused("each of the fields needs a name") }
            return FieldChange(name, old: field["oldValue"]?.text, new: field["newValue"]?.text)
        }
    }

    private static func setClock(_ world: inout World, _ body: JSONValue, at now: Int64) throws -> ClockReport {
        let (speed, advance) = (body["speed"]?.decimal, body["advance"]?.decimal)
        guard speed?.isFinite ?? true, advance?.isFinite ?? true else { throw ControlError.refused("speed and advance are numbers") }
        if let speed { world.clock.run(speed: speed, at: now) }
        if let text = body["now"]?.text {
            guard let seconds = CivilTime.seconds(parsing: text) else { throw ControlError.refused("now is no ISO 8601 time") }
            world.clock.set(milliseconds: seconds * 1_000, at: now)
        }
        if let advance { world.clock.advance(seconds: advance, at: now) }
        return ClockReport(world, at: now)
    }

    private static func summary(_ world: World, _ now: Int64) -> [String: String] {
        let client = world.identity.clients.values.min { $0.id < $1.id }
        return [
            "client_id": client?.id ?? "", "client_secret": client?.secret ?? "", "leads": String(world.leads.count),
            "next_lead_id": String(world.leads.nextID), "activities": String(world.log.count), "now": CivilTime(seconds: world.seconds(at: now)).zulu,
        ]
    }
}
