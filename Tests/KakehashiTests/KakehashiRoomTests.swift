import Testing

@Suite struct KakehashiRoomTests {
}
