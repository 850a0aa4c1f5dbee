import Synchronization

/// Makes random changes in the background.
final class LifeDriver: Sendable {
    private let instance: Instance
    private let running = Mutex<(setting: LifeSetting, task: Task<Void, Never>?)>((LifeSetting(), nil))

    /// Changes a second.
    private static let liveliest = 100_000.0

    init(instance: Instance) {
        self.instance = instance
    }

    var setting: LifeSetting { self.running.withLock { $0.setting } }

    /// Replaces what was going on.
    func start(_ asked: LifeSetting) {
        let instance = self.instance
        let setting = asked.within(Self.liveliest)
        let task = setting.perSecond > 0 ? Task { await Self.drive(instance, setting) } : nil
        self.running.withLock { running in
            running.task?.cancel()
            running = (setting, task)
        }
    }

    func stop() { self.start(LifeSetting()) }

    private static func drive(_ instance: Instance, _ setting: LifeSetting) async {
        let tick = min(1, max(0.02, 1 / setting.perSecond))
        var owed = 0.0
        while !Task.isCancelled {
            owed += tick * setting.perSecond
            let due = Int(owed)
            owed -= Double(due)
            for _ in 0..<due { instance.with { world, now in world.liveChange(setting, at: now) } }
            try? await Task.sleep(for: .seconds(tick))
        }
    }
}
