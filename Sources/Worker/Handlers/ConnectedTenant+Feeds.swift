import Jobs
import Marketo
import Store

extension ConnectedTenant {
    /// Reads a page of a change feed; of changed fields without those that Marketo turns out not to have, and then says so.
    func page(of stream: ChangeStream, token: String, for lane: CallLane) async throws -> (page: ActivityPage, lacksField: Bool) {
        switch stream {
        case .activities: return (try await self.ask(for: lane) { try await $0.activities(token: token, types: FeedRules.types) }, false)
        case .deletedLeads: return (try await self.ask(for: lane) { try await $0.deletedLeads(token: token) }, false)
        case .leadChanges:
            var fields = FeedRules.fields(self.acquisitionField)
            let all = fields.count
            while true {
                do {
                    let asked = fields
                    let page = try await self.ask(for: lane) { try await $0.leadChanges(token: token, fields: asked) }
                    return (page, asked.count < all)
                } catch let error as MarketoError where error.isFieldMissing && fields.contains(where: error.missingFields.contains) {
                    fields.removeAll(where: error.missingFields.contains)
                    if fields.isEmpty { throw error }
                }
            }
        }
    }
}
