import NIOCore

/// One page of a family whose tokens are places, not dates: leads, lists, fields.
struct PlacePage<Item> {
    var items: [Item]
    /// Base 32 text ending in `=`; `nil` on the last page.
    var next: String?
}

extension World {
    /// The part of `items` that the request's `nextPageToken` and `batchSize` (300 at most) ask for.
    ///
    /// - Parameters:
    ///   - kind: Whose tokens these are: another family's are refused.
    ///   - place: Rises from item to item.
    func page<Item>(of items: [Item], kind: String, _ request: VendorRequest, place: (Item) -> Int64) throws(VendorError) -> PlacePage<Item> {
        var after = Int64.min
        if let token = request.parameters["nextPageToken"] {
            guard let text = Base32.decode(token), text.hasPrefix("\(kind):"), let last = Int64(text.dropFirst(kind.count + 1)) else {
                throw VendorError("1003", "Invalid nextPageToken")
            }
            after = last
        }
        let size = min(300, max(1, request.parameters["batchSize"].flatMap { Int($0) } ?? 300))
        let rest = items.filter { place($0) > after }
        let page = Array(rest.prefix(size))
        return PlacePage(items: page, next: rest.count > size ? page.last.map { Base32.encode("\(kind):\(place($0))") } : nil)
    }

    /// `requestId, result, success`, and the token where there is more.
    mutating func result<Item>(_ page: PlacePage<Item>, at uptime: Int64, _ write: (inout ByteBuffer, Item) -> Void) -> ByteBuffer {
        let tellsMore = self.switches.leadPagesTellMore
        return self.envelope(at: uptime, capacity: 256 + page.items.count * 256) { buffer in
            buffer.writeString("\"result\":")
            buffer.writeList(page.items, write)
            buffer.writeString(",\"success\":true")
            if let next = page.next {
                buffer.writeString(",\"nextPageToken\":")
                buffer.writeJSON(next)
            }
            if tellsMore { buffer.writeString(page.next == nil ? ",\"moreResult\":false" : ",\"moreResult\":true") }
        }
    }
}
