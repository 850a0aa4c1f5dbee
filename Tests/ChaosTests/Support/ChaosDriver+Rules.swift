import Simulator

extension ChaosDriver {
    /// The simulator's rule for a trouble, its details drawn; nil for one that is none of the simulator's answers.
    static func rule(of trouble: Trouble, _ random: inout SeededRandom) -> FaultRule? {
        let leads = "/rest/v1/leads.json"
        let feeds = "/rest/v1/activities*"
        let anywhere = [leads, feeds, "/rest/*"][random.below(3)]
        let few = 1 + random.below(3)
        let burst = 2 + random.below(14)
        switch trouble {
        case .windowFull: return .code("606", path: anywhere).limited(to: 1 + random.below(2))
        case .tooManyAtOnce: return .code("615", path: anywhere).limited(to: few)
        case .timedOut: return .code("604", path: anywhere).limited(to: few)
        case .unavailable: return .code("608", path: anywhere).limited(to: burst)
        case .systemError: return .code("611", path: anywhere).limited(to: few)
        case .transient: return .code("713", path: anywhere).limited(to: few)
        case .gatewayFault: return FaultRule(.http, path: anywhere).limited(to: burst).with { $0.status = [500, 502, 503, 504][burst % 4] }
        case .reset: return FaultRule(.reset, path: anywhere).limited(to: few)
        case .lostAnswer: return FaultRule(.lostAnswer, path: anywhere).limited(to: few).with { $0.status = 502 }
        case .answerResetAfterwards: return FaultRule(.lostAnswer, path: anywhere).limited(to: few)
        case .truncated: return FaultRule(.truncated, path: anywhere).limited(to: few)
        case .invalidJSON: return FaultRule(.invalidJSON, path: anywhere).limited(to: few)
        case .slow:
            return FaultRule(.delay, path: anywhere).limited(to: 2 * burst).with {
                $0.seconds = 0.2
                $0.maxSeconds = 3
                $0.longTail = true
            }
        case .hang: return FaultRule(.hang, path: anywhere).limited(to: 1)
        case .tokenInvalid: return FaultRule(.tokenInvalid, path: anywhere).limited(to: 1)
        case .tokenExpired: return FaultRule(.tokenExpired, path: anywhere).limited(to: few)
        case .tokenExpiredThenInvalid: return FaultRule(.tokenExpiredThenInvalid, path: anywhere).limited(to: 1)
        case .identityDown: return FaultRule(.http, path: "/identity/*").limited(to: few).with { $0.status = 503 }
        case .unauthorized: return FaultRule(.unauthorized, path: "/identity/*").limited(to: 1)
        case .emptyPages: return FaultRule(.emptyPage, path: feeds).limited(to: burst)
        case .shortPages: return FaultRule(.shortPage, path: feeds).limited(to: burst).with { $0.count = few }
        case .repeatedRecords: return FaultRule(.repeatedRecords, path: feeds).limited(to: burst)
        case .repeatedToken: return FaultRule(.repeatedToken, path: feeds).limited(to: 1 + random.below(5))
        case .pagingTokenRefused:
            return .code("1003", "Invalid paging token", path: ["/rest/v1/activities.json", "/rest/v1/activities/deletedleads.json"][few % 2])
                .limited(to: 1)
        case .pagingTokenTooLong:
            return FaultRule(.http, path: ["/rest/v1/activities.json", "/rest/v1/activities/leadchanges.json"][few % 2]).limited(to: 1).with {
                $0.status = 414
            }
        case .everyTokenCut, .secondsLeft, .lateActivities, .fieldVanishes, .clockJumps, .quotaSmall, .quotaTakenByOthers, .windowTakenByOthers,
            .callsOfOthers, .workerKilled, .schedulerKilled, .workerFrozen, .schedulerFrozen, .workerReplaced, .databaseStopped, .databaseCrashed,
            .backendsTerminated, .marketoSilent, .databaseSilent, .marketoCut, .databaseCut:
            return nil
        }
    }
}
