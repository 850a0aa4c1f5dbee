import NIOCore

extension World {
    /// A call arrives: token, then limits.
    ///
    /// Nothing is done yet, and nothing waits.
    mutating func admit(_ request: VendorRequest, at uptime: Int64) -> Permit {
        var permit = Permit(route: VendorRoute(method: request.method, path: request.path))
        let token = request.token ?? (self.switches.tokenInQuery ? request.query["access_token"] : nil)
        let stage = self.stage(of: permit.route, token: token, at: uptime)
        permit.faults = self.faults.strike(Arrival(method: request.method, path: request.path, route: permit.route, stage: stage))
        for fault in permit.faults {
            self.desk.fired(fault.kind)
            if fault.kind == .delay { permit.delay += self.faults.seconds(of: fault) }
        }
        let day = self.day(at: uptime)
        guard permit.route != .identity else {
            self.desk.identityCall(uptime: uptime, day: day)
            return permit
        }
        let refusal: VendorError?
        (permit.client, refusal) = self.checkToken(token, permit: permit, at: uptime)
        if let refusal {
            permit.refusal = self.answer(refusal, at: uptime)
            return permit
        }
        if let fault = permit.fault(.code), VendorError.uncounted.contains(fault.errorCode) {
            permit.refusal = self.answer(VendorError(fault), at: uptime)
            return permit
        }
        if permit.route == .wrongMethod {
            permit.refusal = self.answer(VendorError("605", "Request method '\(request.method)' not supported"), at: uptime)
            return permit
        }
        let user = permit.client.flatMap { self.identity.clients[$0]?.user } ?? ""
        permit.user = user
        if let error = self.desk.arrive(uptime: uptime, day: day, user: user, route: permit.route, rules: self.switches) {
            permit.refusal = self.answer(error, at: uptime)
            return permit
        }
        permit.holdsSlot = true
        if permit.route == .syncLeads {
            permit.leads = ((try? request.json())?["input"]?.elements ?? []).compactMap { $0["id"]?.integer }
            self.desk.begin(leads: permit.leads)
        }
        return permit
    }

    /// Does the call, or lets its fault happen.
    mutating func perform(_ request: VendorRequest, _ permit: Permit, at uptime: Int64) -> Answer {
        if let fault = permit.fault(.http) { return .html(status: fault.status ?? 502) }
        if permit.fault(.reset) != nil { return .nothing(.reset) }
        if permit.fault(.hang) != nil { return .nothing(.never) }
        if let refusal = permit.refusal { return refusal }
        if let fault = permit.fault(.code) { return self.answer(VendorError(fault), at: uptime) }
        if let fault = permit.fault(.unauthorized) { return Self.unauthorized(fault.code, fault.message) }
        var answer = permit.route == .identity ? self.identityAnswer(request, at: uptime) : self.routed(request, permit, at: uptime)
        if let fault = permit.fault(.lostAnswer) {
            return fault.status.map(Answer.html) ?? .nothing(.reset)
        }
        if permit.fault(.truncated) != nil { answer.delivery = .cut(after: answer.body.readableBytes / 2) }
        if permit.fault(.invalidJSON) != nil {
            let half = answer.body.readableBytes / 2
            answer.body = answer.body.getSlice(at: answer.body.readerIndex, length: half) ?? ByteBuffer()
        }
        return answer
    }

    /// The answer is ready to go: its slot is free, and it stands in the evidence.
    mutating func settle(_ request: VendorRequest, _ permit: Permit, _ answer: Answer, at uptime: Int64) {
        if permit.holdsSlot { self.desk.leave(user: permit.user) }
        self.desk.end(leads: permit.leads)
        self.desk.answered(
            path: "\(request.method) \(VendorRoute.label(request.path))", code: answer.code,
            errorCode: permit.route == .identity ? nil : answer.errorCode, day: self.day(at: uptime))
    }

    /// How far the call would come without a fault.
    private mutating func stage(of route: VendorRoute, token: String?, at uptime: Int64) -> Arrival.Stage {
        guard route != .identity else { return .done }
        guard case .open(let client) = self.identity.verdict(on: token, now: self.milliseconds(at: uptime)) else { return .shutOut }
        let refusal = self.desk.refusal(uptime: uptime, day: self.day(at: uptime), route: route, rules: self.switches)
        guard route != .wrongMethod, refusal == nil else { return .refused }
        return self.isAllowed(route, client: client) ? .done : .forbidden
    }

    private func isAllowed(_ route: VendorRoute, client: String?) -> Bool {
        guard let needed = route.permission else { return true }
        let permissions = client.flatMap { self.identity.clients[$0]?.permissions } ?? []
        return permissions.contains(needed) || needed.isPart(of: permissions)
    }

    private mutating func checkToken(_ token: String?, permit: Permit, at uptime: Int64) -> (client: String?, refusal: VendorError?) {
        if permit.fault(.tokenInvalid) != nil { self.identity.cutShort(token ?? "", asInvalid: true) }
        if permit.fault(.tokenExpiredThenInvalid) != nil { self.identity.cutShort(token ?? "", asInvalid: false) }
        switch self.identity.check(token, now: self.milliseconds(at: uptime)) {
        case .open(let client):
            return permit.fault(.tokenExpired) == nil ? (client, nil) : (nil, VendorError("602", "Access token expired"))
        case .absent: return (nil, VendorError("600", "Empty access token"))
        case .invalid: return (nil, VendorError("601", "Access token invalid"))
        case .expired: return (nil, VendorError("602", "Access token expired"))
        }
    }

    private mutating func routed(_ request: VendorRequest, _ permit: Permit, at uptime: Int64) -> Answer {
        do throws(VendorError) {
            guard self.isAllowed(permit.route, client: permit.client) else { throw VendorError("603", "Access denied") }
            if case .exportFile(let kind, let id) = permit.route { return self.exportFile(kind, id, request, permit, at: uptime) }
            return Answer(body: try self.body(request, permit, at: uptime))
        } catch {
            return self.answer(error, at: uptime)
        }
    }

    private mutating func body(_ request: VendorRequest, _ permit: Permit, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        switch permit.route {
        case .lead(let id): try self.lead(id, request, at: uptime)
        case .leadsByFilter: try self.leadsByFilter(request, at: uptime)
        case .leadsByList(let id): try self.leadsByList(id, request, at: uptime)
        case .syncLeads: try self.syncLeads(request, isPush: false, at: uptime)
        case .pushLeads: try self.syncLeads(request, isPush: true, at: uptime)
        case .deleteLeads: try self.deleteLeads(request, at: uptime)
        case .mergeLeads(let winner): try self.mergeLeads(winner, request, at: uptime)
        case .describe: self.describe(at: uptime)
        case .describe2: self.describe2(at: uptime)
        case .associateLead(let id): try self.associate(id, request, at: uptime)
        case .schemaFields: try self.schemaFields(request, at: uptime)
        case .createFields: try self.createFields(request, at: uptime)
        case .updateField(let name): try self.updateField(name, request, at: uptime)
        case .schemaField(let name): try self.schemaField(name, at: uptime)
        case .activityTypes: self.activityTypes(at: uptime)
        case .pagingToken: try self.pagingToken(request, at: uptime)
        case .activities: try self.activities(request, permit, at: uptime)
        case .leadChanges: try self.leadChanges(request, permit, at: uptime)
        case .deletedLeads: try self.deletedLeads(request, permit, at: uptime)
        case .usage(let days): self.usage(days: days, at: uptime)
        case .errors(let days): self.errors(days: days, at: uptime)
        case .lists: try self.allLists(request, at: uptime)
        case .list(let id): try self.list(id, at: uptime)
        case .addToList(let id): try self.changeList(id, request, adding: true, at: uptime)
        case .removeFromList(let id): try self.changeList(id, request, adding: false, at: uptime)
        case .isMember(let id): try self.isMember(id, request, at: uptime)
        case .createExport(let kind): try self.createExport(kind, request, permit, at: uptime)
        case .exports(let kind): try self.exports(kind, request, permit, at: uptime)
        case .enqueueExport(let kind, let id): try self.enqueueExport(kind, id, permit, at: uptime)
        case .cancelExport(let kind, let id): try self.cancelExport(kind, id, permit, at: uptime)
        case .exportStatus(let kind, let id): try self.exportStatus(kind, id, permit, at: uptime)
        case .identity, .wrongMethod, .unknown, .exportFile: throw VendorError("610", "Requested resource not found")
        }
    }
}
