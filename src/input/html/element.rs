//! What elements are for: by their tag, and by what their class and id names say.

use crate::document::{BlockKind, Zone};
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::OnceLock;
use xxhash_rust::xxh3::xxh3_64;

/// The tags that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Html,
    Body,
    Head,
    Title,
    Meta,
    Base,
    Br,
    /// `<hr>`, `<img>` and the like: no text, no end tag; true where it parts blocks.
    Void(bool),
    Article,
    Main,
    Section,
    Div,
    P,
    Heading,
    List,
    Item,
    Quote,
    Figure,
    Figcaption,
    Table,
    Row,
    Cell,
    Caption,
    Pre,
    Nav,
    Header,
    Footer,
    Aside,
    Form,
    /// Any other block: `<address>`, `<details>` …
    Block,
    A,
    /// Its text is not for readers: `<script>`, `<svg>`, `<select>` …
    Unseen(u64),
    /// Part of a line: `<b>`, `<span>`, and every tag that is not known.
    Inline(u64),
}

impl Tag {
    /// `name` is in lower case.
    pub fn of(name: &[u8]) -> Self {
        match name {
            b"html" => Self::Html,
            b"body" => Self::Body,
            b"head" => Self::Head,
            b"title" => Self::Title,
            b"meta" => Self::Meta,
            b"base" | b"link" => Self::Base,
            b"br" => Self::Br,
            b"hr" => Self::Void(true),
            b"img" | b"input" | b"wbr" | b"area" | b"col" | b"embed" | b"param" | b"source" | b"track" => Self::Void(false),
            b"article" => Self::Article,
            b"main" => Self::Main,
            b"section" => Self::Section,
            b"div" => Self::Div,
            b"p" => Self::P,
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Self::Heading,
            b"ul" | b"ol" | b"dl" | b"menu" => Self::List,
            b"li" | b"dt" | b"dd" => Self::Item,
            b"blockquote" => Self::Quote,
            b"figure" => Self::Figure,
            b"figcaption" => Self::Figcaption,
            b"table" => Self::Table,
            b"tr" => Self::Row,
            b"td" | b"th" => Self::Cell,
            b"caption" => Self::Caption,
            b"pre" => Self::Pre,
            b"nav" => Self::Nav,
            b"header" => Self::Header,
            b"footer" => Self::Footer,
            b"aside" => Self::Aside,
            b"form" => Self::Form,
            b"address" | b"details" | b"summary" | b"dialog" | b"fieldset" | b"legend" | b"hgroup" | b"center" | b"search" | b"option"
            | b"button" | b"label" => Self::Block,
            b"a" => Self::A,
            b"script" | b"style" | b"noscript" | b"template" | b"svg" | b"select" | b"textarea" | b"iframe" | b"object" | b"audio"
            | b"video" | b"canvas" | b"noframes" | b"noembed" | b"math" | b"datalist" | b"map" => Self::Unseen(xxh3_64(name)),
            _ => Self::Inline(xxh3_64(name)),
        }
    }

    /// Parts the text before it from the text in it.
    pub const fn is_block(self) -> bool {
        !matches!(
            self,
            Self::Head | Self::Title | Self::Meta | Self::Base | Self::Br | Self::Void(false) | Self::A | Self::Unseen(_) | Self::Inline(_)
        )
    }

    pub const fn is_void(self) -> bool {
        matches!(self, Self::Meta | Self::Base | Self::Br | Self::Void(_))
    }

    /// The kind of a block in it, where the tag says so; else that of the element around it.
    pub const fn kind(self) -> Option<BlockKind> {
        Some(match self {
            Self::Heading => BlockKind::Heading,
            Self::Item => BlockKind::ListItem,
            Self::Quote => BlockKind::Quote,
            Self::Figcaption | Self::Caption => BlockKind::Caption,
            Self::Cell => BlockKind::TableCell,
            Self::Pre => BlockKind::Code,
            Self::Body | Self::Article | Self::Main | Self::Section => BlockKind::Paragraph,
            _ => return None,
        })
    }

    /// The zone that the tag opens, where it opens one.
    const fn zone(self) -> Option<Zone> {
        Some(match self {
            Self::Nav => Zone::Navigation,
            Self::Footer => Zone::Footer,
            Self::Header => Zone::Header,
            Self::Aside => Zone::Aside,
            Self::Figcaption | Self::Figure => Zone::Figure,
            Self::Form => Zone::Form,
            Self::Main => Zone::Content,
            _ => return None,
        })
    }
}

/// What the attributes of a start tag say that matters here.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    /// Class, id and item property, in lower case, each after a space.
    pub names: String,
    pub role: String,
    pub hidden: bool,
}

/// The zone that an element opens; `None`: that of the element around it.
pub(super) fn zone(tag: Tag, attributes: &Attributes, around: Zone) -> Option<Zone> {
    if matches!(tag, Tag::Html | Tag::Body) {
        return None;
    }
    let by_role = match attributes.role.as_str() {
        "navigation" | "menu" | "menubar" | "tablist" => Some(Zone::Navigation),
        "banner" => Some(Zone::Header),
        "contentinfo" => Some(Zone::Footer),
        "complementary" => Some(Zone::Aside),
        "search" | "dialog" | "alertdialog" => Some(Zone::Form),
        "main" => Some(Zone::Content),
        _ => None,
    };
    if by_role.is_some() {
        return by_role;
    }
    let by_name = || if attributes.names.is_empty() { None } else { zone_by_name(&attributes.names) };
    match tag {
        // ASP.NET wraps whole pages into one form.
        Tag::Form if around == Zone::Content => by_name(),
        // The head of an article is its headline; the head of a page, its logo.
        Tag::Article | Tag::Main => Some(Zone::Content).filter(|_| around != Zone::Related && around != Zone::Aside),
        _ => by_name().or_else(|| tag.zone()),
    }
}

/// Names and the zones they stand for, after Readability's list of unlikely candidates.
const NAMES: &[(&str, Zone)] = &[
    ("breadcrumb", Zone::Navigation),
    ("pagination", Zone::Navigation),
    ("pager", Zone::Navigation),
    ("navbar", Zone::Navigation),
    ("navigation", Zone::Navigation),
    ("menu", Zone::Navigation),
    ("skip-link", Zone::Navigation),
    ("topnav", Zone::Navigation),
    ("-nav ", Zone::Navigation),
    (" nav-", Zone::Navigation),
    (" nav ", Zone::Navigation),
    ("masthead", Zone::Header),
    ("site-header", Zone::Header),
    ("page-header", Zone::Header),
    ("footer", Zone::Footer),
    ("copyright", Zone::Footer),
    ("sidebar", Zone::Aside),
    ("side-bar", Zone::Aside),
    ("right-rail", Zone::Aside),
    ("rightrail", Zone::Aside),
    ("widget", Zone::Aside),
    ("infobox", Zone::Aside),
    ("popup", Zone::Aside),
    ("modal", Zone::Aside),
    ("disqus", Zone::Comments),
    ("comment", Zone::Comments),
    ("replies", Zone::Comments),
    ("respond", Zone::Comments),
    ("livefyre", Zone::Comments),
    ("share", Zone::Share),
    ("sharing", Zone::Share),
    ("social", Zone::Share),
    ("addthis", Zone::Share),
    ("addtoany", Zone::Share),
    ("follow-us", Zone::Share),
    ("toolbar", Zone::Share),
    ("article-tools", Zone::Share),
    ("related", Zone::Related),
    ("recommend", Zone::Related),
    ("outbrain", Zone::Related),
    ("taboola", Zone::Related),
    ("readmore", Zone::Related),
    ("read-more", Zone::Related),
    ("read-next", Zone::Related),
    ("more-stories", Zone::Related),
    ("morestories", Zone::Related),
    ("trending", Zone::Related),
    ("most-popular", Zone::Related),
    ("mostpopular", Zone::Related),
    ("most-read", Zone::Related),
    ("popular-posts", Zone::Related),
    ("latest-news", Zone::Related),
    ("promo", Zone::Related),
    ("teaser", Zone::Related),
    ("advert", Zone::Advert),
    ("sponsor", Zone::Advert),
    ("-ad-", Zone::Advert),
    (" ad-", Zone::Advert),
    (" ads-", Zone::Advert),
    (" ad ", Zone::Advert),
    ("dfp-", Zone::Advert),
    ("google-ad", Zone::Advert),
    ("newsletter", Zone::Form),
    ("subscribe", Zone::Form),
    ("subscription", Zone::Form),
    ("signup", Zone::Form),
    ("sign-up", Zone::Form),
    ("paywall", Zone::Form),
    ("cookie", Zone::Form),
    ("gdpr", Zone::Form),
    ("consent", Zone::Form),
    ("login", Zone::Form),
    ("search-form", Zone::Form),
    ("byline", Zone::Byline),
    ("author", Zone::Byline),
    ("dateline", Zone::Byline),
    ("timestamp", Zone::Byline),
    ("datepublished", Zone::Byline),
    ("publish-date", Zone::Byline),
    ("entry-meta", Zone::Byline),
    ("post-meta", Zone::Byline),
    ("article-meta", Zone::Byline),
    ("meta-info", Zone::Byline),
    ("postmetadata", Zone::Byline),
    ("tag-list", Zone::Byline),
    ("taglist", Zone::Byline),
    (" tags", Zone::Byline),
    ("-tags", Zone::Byline),
    ("caption", Zone::Figure),
    ("photo-credit", Zone::Figure),
    ("gallery", Zone::Figure),
    ("slideshow", Zone::Figure),
];

/// Names of containers that hold the article as often as not, whatever else they are called (`article-with-sidebar`).
const CONTAINERS: [&str; 10] = [
    "articlebody",
    "article-body",
    "article_body",
    "post-content",
    "entry-content",
    "post-body",
    "story-body",
    "storybody",
    "has-",
    "with-",
];

fn zone_by_name(names: &str) -> Option<Zone> {
    static NAMED: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    static CONTAINING: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let build = |names: Vec<&str>| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(names).ok();
    let named = NAMED.get_or_init(|| build(NAMES.iter().map(|&(name, _)| name).collect())).as_ref()?;
    let found = named.find(names)?;
    let containing = CONTAINING.get_or_init(|| build(CONTAINERS.to_vec())).as_ref()?;
    if containing.is_match(names) { None } else { Some(NAMES[found.pattern().as_usize()].1) }
}

/// What Readability adds to or takes from an element's score for what it is called.
pub(super) fn class_weight(names: &str) -> i32 {
    const GOOD: [&str; 10] = ["article", "body", "content", "entry", "hentry", "main", "page", "post", "text", "story"];
    const BAD: [&str; 22] = [
        "-ad-", "hidden", "banner", "combx", "comment", "contact", "foot", "masthead", "media", "meta", "outbrain", "promo", "related",
        "scroll", "share", "shoutbox", "sidebar", "sponsor", "shopping", "tags", "tool", "widget",
    ];
    static GOOD_NAMES: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    static BAD_NAMES: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    if names.is_empty() {
        return 0;
    }
    let found = |cell: &'static OnceLock<Option<AhoCorasick>>, list: &[&str]| {
        cell.get_or_init(|| AhoCorasick::new(list).ok()).as_ref().is_some_and(|names_of| names_of.is_match(names))
    };
    25 * (i32::from(found(&GOOD_NAMES, &GOOD)) - i32::from(found(&BAD_NAMES, &BAD)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone_of(tag: Tag, names: &str) -> Option<Zone> {
        zone(tag, &Attributes { names: format!(" {names} "), ..Attributes::default() }, Zone::Content)
    }

    #[test]
    fn tags_and_names_tell_the_zone() {
        assert_eq!(zone_of(Tag::Nav, ""), Some(Zone::Navigation));
        assert_eq!(zone_of(Tag::Div, "story-share-bar"), Some(Zone::Share));
        assert_eq!(zone_of(Tag::Div, "related-stories"), Some(Zone::Related));
        assert_eq!(zone_of(Tag::Div, "column"), None);
        assert_eq!(zone_of(Tag::Div, "content with-sidebar"), None);
        assert_eq!(zone_of(Tag::Body, "single-post sidebar-left"), None);
        assert_eq!(zone_of(Tag::Div, "top-bread"), None);
    }
}
