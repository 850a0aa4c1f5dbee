/// The words the made-up leads are put together from.
enum SeedWords {
    /// A name as written and as read in Latin letters.
    struct Word: Sendable {
        let written: String
        let read: String

        init(_ written: String, _ read: String) {
            self.written = written
            self.read = read
        }
    }

    static let lastNames: [Word] = [
        .init("佐藤", "sato"), .init("鈴木", "suzuki"), .init("高橋", "takahashi"), .init("田中", "tanaka"), .init("伊藤", "ito"),
        .init("渡辺", "watanabe"), .init("渡邊", "watanabe"), .init("山本", "yamamoto"), .init("中村", "nakamura"), .init("小林", "kobayashi"),
        .init("加藤", "kato"), .init("吉田", "yoshida"), .init("山田", "yamada"), .init("佐々木", "sasaki"), .init("山口", "yamaguchi"),
        .init("松本", "matsumoto"), .init("井上", "inoue"), .init("木村", "kimura"), .init("林", "hayashi"), .init("斎藤", "saito"),
        .init("齋藤", "saito"), .init("清水", "shimizu"), .init("山崎", "yamazaki"), .init("森", "mori"), .init("池田", "ikeda"),
        .init("橋本", "hashimoto"), .init("阿部", "abe"), .init("石川", "ishikawa"), .init("山下", "yamashita"), .init("中島", "nakajima"),
        .init("髙橋", "takahashi"), .init("石井", "ishii"), .init("小川", "ogawa"), .init("前田", "maeda"), .init("岡田", "okada"),
        .init("長谷川", "hasegawa"), .init("藤田", "fujita"), .init("後藤", "goto"), .init("近藤", "kondo"), .init("村上", "murakami"),
        .init("遠藤", "endo"), .init("青木", "aoki"), .init("坂本", "sakamoto"), .init("福田", "fukuda"), .init("太田", "ota"),
    ]

    static let firstNames: [Word] = [
        .init("太郎", "taro"), .init("花子", "hanako"), .init("翔太", "shota"), .init("美咲", "misaki"), .init("健一", "kenichi"),
        .init("陽菜", "hina"), .init("大輔", "daisuke"), .init("さくら", "sakura"), .init("拓也", "takuya"), .init("愛", "ai"),
        .init("直樹", "naoki"), .init("由美", "yumi"), .init("和也", "kazuya"), .init("恵子", "keiko"), .init("誠", "makoto"),
        .init("真由美", "mayumi"), .init("隆", "takashi"), .init("智子", "tomoko"), .init("浩二", "koji"), .init("久美子", "kumiko"),
        .init("悠真", "yuma"), .init("結衣", "yui"), .init("蓮", "ren"), .init("葵", "aoi"), .init("ジョン", "john"),
        .init("亮", "ryo"), .init("麻衣", "mai"), .init("剛", "tsuyoshi"), .init("千尋", "chihiro"), .init("圭", "kei"),
    ]

    static let companyWords: [Word] = [
        .init("東京", "tokyo"), .init("大和", "yamato"), .init("富士", "fuji"), .init("さくら", "sakura"), .init("日の出", "hinode"),
        .init("青葉", "aoba"), .init("北斗", "hokuto"), .init("みなと", "minato"), .init("朝日野", "asahino"), .init("光", "hikari"),
        .init("アルファ", "alpha"), .init("オリオン", "orion"), .init("ＡＢＣ", "abc"), .init("ノヴァ", "nova"), .init("緑", "midori"),
        .init("つばめ", "tsubame"), .init("白川", "shirakawa"), .init("瀬戸", "seto"), .init("若葉", "wakaba"), .init("千代", "chiyo"),
    ]

    static let industries: [Word] = [
        .init("商事", "shoji"), .init("製作所", "mfg"), .init("電機", "denki"), .init("システムズ", "systems"), .init("食品", "foods"),
        .init("建設", "kensetsu"), .init("運輸", "unyu"), .init("薬品", "yakuhin"), .init("不動産", "estate"), .init("印刷", "print"),
        .init("ソフト", "soft"), .init("デザイン", "design"), .init("化学", "kagaku"), .init("工業", "kogyo"), .init("サービス", "service"),
    ]

    static let titles = ["部長", "課長", "主任", "代表取締役", "マネージャー", "エンジニア", "営業担当", "執行役員", "Director", "係長"]
    static let departments = ["営業部", "情報システム部", "マーケティング部", "経営企画室", "人事部", "総務部", "開発部", "Sales"]
    static let sources = ["Web site", "Event", "展示会", "資料請求", "List import", "Seminar", "紹介"]
    static let freeMail = ["gmail.com", "yahoo.co.jp", "icloud.com", "outlook.jp", "docomo.ne.jp"]

    /// Latin letters, digits and signs in their full width, as Japanese keyboards leave them.
    static func fullWidth(_ text: some StringProtocol) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar == " " ? "\u{3000}" : (0x21...0x7E).contains(scalar.value) ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar
                }))
    }
}
