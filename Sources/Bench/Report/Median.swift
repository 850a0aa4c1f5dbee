extension Array where Element: BinaryFloatingPoint {
    /// The middle one; of an even number the mean of the two in the middle, of none not a number.
    var median: Element {
        let sorted = self.sorted()
        guard let last = sorted.last else { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : (middle < sorted.count ? sorted[middle] : last)
    }
}

extension Array where Element == Cost {
    /// The middle of each.
    var median: Cost {
        Cost(
            server: self.compactMap(\.server).isEmpty ? nil : self.compactMap(\.server).median, client: self.map(\.client).median,
            wal: Int(self.map { Double($0.wal) }.median), commits: Int(self.map { Double($0.commits) }.median))
    }
}
