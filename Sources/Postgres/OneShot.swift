import Synchronization

/// A value that is settled once, by whoever comes first, and that one Task waits for.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(UnsafeContinuation<Value, Never>)
        case settled(Value)
        case done
    }

    private let state = Mutex(State.open)

    /// Whether nobody has settled it yet.
    var isOpen: Bool {
        self.state.withLock { state in
            switch state {
            case .open, .awaited: true
            case .settled, .done: false
            }
        }
    }

    /// Settles it; `false` when somebody else was first.
    @discardableResult
    func settle(_ value: Value) -> Bool {
        let (first, continuation) = self.state.withLock { state -> (Bool, UnsafeContinuation<Value, Never>?) in
            switch state {
            case .open:
                state = .settled(value)
                return (true, nil)
            case .awaited(let continuation):
                state = .done
                return (true, continuation)
            case .settled, .done: return (false, nil)
            }
        }
        continuation?.resume(returning: value)
        return first
    }

    /// Waits for it.
    ///
    /// To be called once.
    func value() async -> Value {
        await withUnsafeContinuation { continuation in
            let value = self.state.withLock { state -> Value? in
                switch state {
                case .settled(let value):
                    state = .done
                    return value
                case .open, .awaited, .done:
                    state = .awaited(continuation)
                    return nil
                }
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
