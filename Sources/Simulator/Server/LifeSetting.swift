/// How lively the instance is by itself.
package struct LifeSetting: Sendable, Codable, Equatable {
    /// Changes a second of real time; 0: none.
    package var perSecond: Double
    /// Weights of the kinds of change; 0 switches one off.
    package var score: Double
    package var edit: Double
    package var create: Double
    package var delete: Double
    package var merge: Double
    package var web: Double
    package var mail: Double

    package init(
        perSecond: Double = 0, score: Double = 50, edit: Double = 20, create: Double = 10, delete: Double = 2, merge: Double = 3, web: Double = 10,
        mail: Double = 5
    ) {
        self.perSecond = perSecond
        self.score = score
        self.edit = edit
        self.create = create
        self.delete = delete
        self.merge = merge
        self.web = web
        self.mail = mail
    }

    /// The same, with so many changes a second at most.
    func within(_ most: Double) -> LifeSetting {
        var setting = self
        setting.perSecond = min(max(0, self.perSecond), most)
        return setting
    }
}
