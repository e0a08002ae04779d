//! Where an article was scraped from, by its address.

use super::Origin;

/// The host of an address, in lower case and without `www.`; `None` where it leads to no page of a site (`mailto:`, `javascript:`,
/// `data:`, a file).
pub fn site(url: &str) -> Option<String> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://").map_or((None, url), |(scheme, rest)| (Some(scheme), rest));
    if scheme.is_some_and(|scheme| !["http", "https", "ftp"].iter().any(|known| scheme.eq_ignore_ascii_case(known))) {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    // Without slashes, what a colon ends may be a scheme, with or without a user behind it.
    let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
    let (host, port) = host.split_once(':').unwrap_or((host, ""));
    if scheme.is_none() && user.contains(':') || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (host.contains('.') && !host.contains(char::is_whitespace)).then(|| host.to_string())
}

impl Origin {
    /// The site that the document was scraped from; where that is not known, its file of records or its folder.
    pub fn home(&self) -> String {
        if let Some(site) = self.url.as_deref().and_then(site) {
            return site;
        }
        match (&self.record, self.path.rsplit_once(['/', '\\'])) {
            (Some(_), _) => self.path.clone(),
            (None, Some((folder, _))) => folder.to_string(),
            (None, None) => ".".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Record;
    use super::*;

    #[test]
    fn the_site_is_the_host() {
        for (url, expected) in [
            ("https://www.Tide.example/a/b?c", Some("tide.example")),
            ("http://user@news.tide.example:8080", Some("news.tide.example")),
            ("http://user:word@tide.example./", Some("tide.example")),
            ("tide.example/story", Some("tide.example")),
            ("tide.example:8080/story", Some("tide.example")),
            (" tide.example/story\n", Some("tide.example")),
            ("story", None),
            ("", None),
            ("javascript:void(0)", None),
            ("javascript:open('tide.example')", None),
            ("javascript://tide.example/%0Aalert(1)", None),
            ("data:text/html,tide.example", None),
            ("data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg'>", None),
            ("mailto:desk@tide.example", None),
            ("file:///home/desk/tide.example", None),
        ] {
            assert_eq!(site(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn homes_are_sites_files_of_records_or_folders() {
        let file = |path: &str| Origin { path: path.into(), ..Origin::default() };
        let record = Record { line: 1, id: None, field: "text".into() };
        let of = |url: &str| Origin { url: Some(url.into()), record: Some(record.clone()), ..file("crawl/a.jsonl") }.home();
        assert_eq!(of("http://user@news.org/x"), "news.org");
        assert_eq!((of("javascript:void(0)"), of("data:,a.b")), ("crawl/a.jsonl".into(), "crawl/a.jsonl".into()));
        assert_eq!((file("crawl/fox/a.txt").home(), file("a.txt").home()), ("crawl/fox".into(), ".".into()));
    }
}
