import NIOCore

extension World {
    /// `POST /rest/v1/leads/{id}/associate.json?cookie=id:…&token:…`: a browser's visits belong to the lead from now on.
    ///
    /// The cookie can be searched for afterwards (`filterType=cookies`).
    mutating func associate(_ id: Int64, _ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        let cookie = request.query["cookie"] ?? ""
        // `id:<munchkin>&token:_mch-<host>-<time>-<number>`, with its `&` encoded; the second half alone is what the browser's script shows.
        guard cookie.contains("token:_mch-") || cookie.hasPrefix("_mch-") else { throw VendorError("1012", "Invalid cookie value '\(cookie)'") }
        guard let row = self.leads.row(of: id) else { throw VendorError("1004", "Lead '\(id)' not found") }
        if let field = self.leads.catalog.index(of: "cookies") { self.leads[row, field] = .text(cookie) }
        let tellsResult = self.switches.associateTellsResult
        return self.envelope(at: uptime) { $0.writeString(tellsResult ? "\"result\":[],\"success\":true" : "\"success\":true") }
    }
}
