import ArgumentParser
import Runtime

/// `kakehashi`: the command line for operators.
@main
struct KakehashiMain {
    static func main() async {
        await CommandEntry.run(KakehashiCommand.self)
    }
}
