/// Rows under headings that fit the width there is; the widest texts give way first.
struct Table: Sendable {
    /// On which side a column is filled up.
    enum Side: Sendable {
        /// Texts.
        case left
        /// Numbers.
        case right
    }

    private let headings: [(text: String, side: Side)]
    private var rows: [[String]] = []

    /// Without rows yet.
    init(_ headings: [(text: String, side: Side)]) {
        self.headings = headings
    }

    /// Adds a row: a text a heading, from left to right.
    mutating func add(_ cells: [String]) {
        self.rows.append((0..<self.headings.count).map { $0 < cells.count ? ScreenText.of(cells[$0]) : "" })
    }

    /// The lines of the table, none wider than `columns` as long as every column keeps four.
    func lines(columns: Int) -> [String] {
        let all = [self.headings.map(\.text)] + self.rows
        var widths = self.headings.indices.map { column in all.map { CellWidth.of($0[column]) }.max() ?? 0 }
        let gaps = 2 * max(0, widths.count - 1)
        while widths.reduce(gaps, +) > columns, let widest = widths.max(), widest > 4, let column = widths.lastIndex(of: widest) {
            widths[column] -= 1
        }
        return all.map { row in
            var line = ""
            for (column, width) in widths.enumerated() {
                let text = CellWidth.cut(row[column], to: width)
                let blank = String(repeating: " ", count: max(0, width - CellWidth.of(text)))
                line += (column == 0 ? "" : "  ") + (self.headings[column].side == .left ? text + blank : blank + text)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
