import Foundation
import Testing

@testable import Marketo

@Suite struct VendorTimeTests {
    @Test(arguments: [
        ("2021-11-23T22:57:08Z", 1_637_708_228.0), ("2014-11-13 12:43:04", 1_415_882_584), ("2015-05-07T11:47:30-08:00", 1_431_028_050),
        ("2014-09-17T22:31:49+0000", 1_410_993_109), ("2021-11-23T22:57:24Z+0000", 1_637_708_244), ("2023-01-26 18:46:00", 1_674_758_760),
        ("2023-01-17", 1_673_913_600), ("2021-11-23T22:57:08.500Z", 1_637_708_228.5), ("2024-02-29T00:00:00Z", 1_709_164_800),
        ("1969-12-31T23:59:59Z", -1), ("2021-11-23T22:57Z", 1_637_708_220), ("2021-11-24T07:57:08+09", 1_637_708_228),
    ])
    func `each of the vendor's shapes is the moment it means`(text: String, seconds: Double) {
        #expect(VendorTime.date(text) == Date(timeIntervalSince1970: seconds))
    }

    @Test(arguments: [
        "", "yesterday", "2021", "2021-13-01", "2021-02-29", "2021-00-10", "2021-11-23T", "2021-11-23T24:00:00Z", "2021-11-23T22:60:00Z",
        "2021-11-23T22:57:08ZZ", "2021-11-23T22:57:08Z+0100", "2021-11-23T22:57:08+99:00", "2021-11-23T22:57:08 ", "2021-11-23T22:57:08.Z",
        "２０２１-11-23",
    ])
    func `anything else is no moment`(text: String) { #expect(VendorTime.date(text) == nil) }

    @Test func `a moment written and read is the same second, from 1600 to 2500`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let date = Date(timeIntervalSince1970: Double.random(in: -11_676_096_000...16_725_225_600, using: &generator).rounded())
            #expect(VendorTime.date(VendorTime.text(date)) == date)
        }
        #expect(VendorTime.text(Date(timeIntervalSince1970: 1_637_708_228.999)) == "2021-11-23T22:57:08Z")
        #expect(HTTPDate.date("Sun, 06 Nov 1994 08:49:37 GMT") == Date(timeIntervalSince1970: 784_111_777))
    }
}
