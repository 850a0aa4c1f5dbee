/// Domains whose addresses belong to strangers, so that the domain says nothing about a company (D15).
///
/// Built in: `exact` as written; `wide` (carriers and internet providers, which gave customers sub-domains) with everything below. A tenant's own
/// list is compared exactly, as sub-domains are different domains (R44).
package enum FreeMailDomains {
    /// Mail services.
    package static let exact: Set<String> = [
        "126.com", "139.com", "163.com", "aim.com", "aol.com", "aol.jp", "daum.net", "excite.co.jp", "excite.com", "fastmail.com", "foxmail.com",
        "free.fr", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "goo.jp", "googlemail.com", "hanmail.net", "hey.com",
        "hotmail.co.jp", "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "icloud.com", "infoseek.jp",
        "inter7.jp", "kakao.com", "laposte.net", "live.cn", "live.co.uk", "live.com", "live.de", "live.fr", "live.jp", "livedoor.com", "mac.com",
        "mail.com", "mail.goo.ne.jp", "mail.ru", "me.com", "msn.com", "nate.com", "naver.com", "orange.fr", "outlook.com", "outlook.de",
        "outlook.es", "outlook.fr", "outlook.jp", "pm.me", "proton.me", "protonmail.com", "qq.com", "rediffmail.com", "rocketmail.com", "sina.cn",
        "sina.com", "t-online.de", "tuta.com", "tutanota.com", "web.de", "yahoo.ca", "yahoo.co.id", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.kr",
        "yahoo.co.uk", "yahoo.com", "yahoo.com.au", "yahoo.com.br", "yahoo.com.cn", "yahoo.com.hk", "yahoo.com.sg", "yahoo.com.tw",
        "yahoo.com.vn", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.in", "yahoo.it", "yahoo.ne.jp", "yandex.com", "yandex.ru", "yeah.net",
        "ymail.com", "ymail.ne.jp", "zoho.com",
    ]
    /// Japanese carriers, then Japanese internet providers.
    package static let wide: Set<String> = [
        "au.com", "biglobe.jp", "disney.ne.jp", "disneymobile.ne.jp", "docomo-camera.ne.jp", "docomo.ne.jp", "emnet.ne.jp", "ezweb.ne.jp",
        "i.softbank.jp", "ido.ne.jp", "jp-c.ne.jp", "jp-d.ne.jp", "jp-h.ne.jp", "jp-k.ne.jp", "jp-n.ne.jp", "jp-q.ne.jp", "jp-r.ne.jp", "jp-s.ne.jp",
        "jp-t.ne.jp", "mopera.net", "pdx.ne.jp", "rakumail.jp", "sky.tkc.ne.jp", "sky.tkk.ne.jp", "sky.tu-ka.ne.jp", "softbank.ne.jp",
        "uqmobile.jp", "vodafone.ne.jp", "willcom.com", "y-mobile.ne.jp", "ymobile.ne.jp", "ymobile1.ne.jp",
        "asahi-net.or.jp", "auone-net.jp", "biglobe.ne.jp", "bbiq.jp", "commufa.jp", "ctk.ne.jp", "dion.ne.jp", "dti.ne.jp", "eonet.ne.jp",
        "hi-ho.ne.jp", "home.ne.jp", "infoweb.ne.jp", "itscom.net", "jcom.ne.jp", "jcom.zaq.ne.jp", "mesh.ne.jp", "nifty.com", "nifty.ne.jp",
        "ocn.ne.jp", "odn.ne.jp", "odn.or.jp", "plala.or.jp", "rakuten.jp", "sannet.ne.jp", "so-net.jp", "so-net.ne.jp", "tiki.ne.jp",
        "wakwak.com", "ybb.ne.jp", "zaq.ne.jp",
    ]

    /// Whether a domain is on the built-in lists.
    package static func contains(_ domain: EmailDomain) -> Bool {
        if Self.exact.contains(domain.text) { return true }
        var rest = domain.text[...]
        while true {
            if Self.wide.contains(String(rest)) { return true }
            guard let dot = rest.firstIndex(of: ".") else { return false }
            rest = rest[rest.index(after: dot)...]
        }
    }
}

extension TenantSettings {
    /// Whether this domain may not lead to an account: the built-in and added free-mail domains (D15), and the team's own (D16).
    ///
    /// `free-mail-guard=off` lifts the former two; the team's own stay guarded, as they were named on purpose.
    package func guards(_ domain: EmailDomain) -> Bool {
        if self.ownDomains.contains(domain) { return true }
        return self.freeMailGuard == .on && (self.freeMailDomains.contains(domain) || FreeMailDomains.contains(domain))
    }
}
