import Foundation

/// One row of the table: what is aimed at, what came of it.
struct Target: Sendable {
    /// Whether more is better.
    enum Aim: Sendable {
        case atLeast(Double)
        case atMost(Double)
    }

    let name: String
    /// Our figure, with its unit.
    let figure: String
    /// What it is held against; empty when the target is a figure by itself.
    let reference: String
    /// What is compared with the aim: a ratio, or the figure itself.
    let value: Double
    let aim: Aim

    /// `met`, or by how much it is short.
    var verdict: String {
        let (isMet, gap, wanted) =
            switch self.aim {
            case .atLeast(let least): (self.value >= least, least - self.value, "≥ \(Self.text(least))")
            case .atMost(let most): (self.value <= most, self.value - most, "≤ \(Self.text(most))")
            }
        return isMet ? "met (\(wanted))" : "short by \(Self.text(gap)) (\(wanted))"
    }

    /// The table, its columns aligned.
    static func table(_ rows: [Target]) -> String {
        let cells =
            [["measure", "figure", "reference", "value", "target"]]
            + rows.map { row in
                [row.name, row.figure, row.reference, Self.text(row.value), row.verdict]
            }
        let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { line in
            line.enumerated().map { column, cell in cell + String(repeating: " ", count: widths[column] - cell.count) }.joined(separator: "  ")
                .trimmingCharacters(in: .whitespaces)
        }.joined(separator: "\n")
    }

    /// Three figures that count.
    static func text(_ number: Double) -> String {
        guard number.isFinite else { return "unknown" }
        return number >= 100 ? String(format: "%.0f", number) : number >= 10 ? String(format: "%.1f", number) : String(format: "%.2f", number)
    }
}
