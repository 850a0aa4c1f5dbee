/// A part of the story of what happened in Mazrica: events one after the other.
package struct EventRange: Hashable, Sendable {
    /// The first.
    package let first: Int64
    /// The last.
    package let last: Int64

    package init(first: Int64, last: Int64) {
        self.first = first
        self.last = last
    }

    /// The first events of some parts, as many as `most` in a bite; and what is left of them.
    ///
    /// - Shape: parts that overlap or touch are put together first.
    package static func bite(of ranges: [EventRange], most: Int64) -> (bite: [EventRange], rest: [EventRange]) {
        var bite: [EventRange] = []
        var rest: [EventRange] = []
        var room = most
        for range in Self.joined(ranges) {
            let count = range.last - range.first + 1
            if room >= count {
                bite.append(range)
            } else if room > 0 {
                bite.append(EventRange(first: range.first, last: range.first + room - 1))
                rest.append(EventRange(first: range.first + room, last: range.last))
            } else {
                rest.append(range)
            }
            room -= min(count, room)
        }
        return (bite, rest)
    }

    private static func joined(_ ranges: [EventRange]) -> [EventRange] {
        var joined: [EventRange] = []
        for range in ranges.sorted(by: { $0.first < $1.first }) where range.first <= range.last {
            if let open = joined.last, range.first <= open.last + 1 {
                joined[joined.count - 1] = EventRange(first: open.first, last: max(open.last, range.last))
            } else {
                joined.append(range)
            }
        }
        return joined
    }
}
