"""Texts that attack a sanitizer, and a checker that knows nothing of the code it judges."""

import re
from html.parser import HTMLParser

# A script, as directly and as indirectly as browsers have ever run one.
SCRIPTS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script/x>",
    "<script\n>alert(1)</script\n>",
    "<script>alert(1)",
    "<script>alert(1)</scrip",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<\x00script>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<script>/*</script>*/alert(1)</script>",
    "<script><!--<script></script>--><img src=x onerror=alert(1)></script>",
    "<script type='text/plain'></script><script>alert(1)</script>",
    "<sCrIpT>alert(1)</ScRiPt>",
    "</script><script>alert(1)</script>",
    "<script src='data:text/javascript,alert(1)'></script>",
    "<noscript><script>alert(1)</script></noscript>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<p>before<script>alert(1)</script>after</p>",
    "<!--<script>alert(1)</script>-->",
    "<!--><script>alert(1)</script>-->",
    "<!---><script>alert(1)</script>-->",
    "<!--x--!><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml <script>alert(1)</script>?>",
    "<!doctype html [<!ENTITY x '<script>alert(1)</script>'>]>&x;",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
)

# An event handler or a style on an element that the desk knows, or on one it does not.
HANDLERS = (
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src=x/onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=`x` onerror=alert(1)>",
    "<img src=x:x onerror\n=\nalert(1)>",
    "<p onclick=alert(1)>words</p>",
    "<p ONMOUSEOVER='alert(1)'>words</p>",
    "<p\x0conclick=alert(1)>words</p>",
    "<p/onclick=alert(1)/>words</p>",
    '<p title=">" onclick=alert(1)>words</p>',
    "<h2 onfocus=alert(1) tabindex=1 autofocus>words</h2>",
    "<strong onanimationstart=alert(1) style='animation:x'>words</strong>",
    "<table background=javascript:alert(1)><tr><td onclick=alert(1)>x</table>",
    "<td background='javascript:alert(1)'>x",
    "<body onload=alert(1)>words",
    "<details open ontoggle=alert(1)><summary>x</summary>y</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>words</audio>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)><option>x</select>",
    "<marquee onstart=alert(1)>words</marquee>",
    "<object data=javascript:alert(1)>words</object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x>words</applet>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)>",
    "<frameset onload=alert(1)></frameset>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<form id=x></form><button form=x formaction=javascript:alert(1)>x</button>",
    "<isindex type=image src=x onerror=alert(1)>",
    "<base href=//evil.example/><a href=/x>words</a>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>words</p>",
    "<p style='width:expression(alert(1))' class=admin id=main>words</p>",
    "<bgsound src=javascript:alert(1)><layer src=x></layer>",
    "<x-widget onclick=alert(1)>words</x-widget>",
    "<p is=x-widget slot=x part=y>words</p>",
)

# An address that runs, or that leads elsewhere than it seems.
LINKS = (
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java\r\nscript:alert(1)'>x</a>",
    "<a href='java&#9;script:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='java&Tab;script&colon;alert&lpar;1&rpar;'>x</a>",
    "<a href='java&NewLine;script:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)'>x</a>",
    "<a href='&#0000106avascript:alert(1)'>x</a>",
    "<a href='java\x00script:alert(1)'>x</a>",
    "<a href='java&#0;script:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href=' \x0c javascript:alert(1)'>x</a>",
    "<a href='&#14; javascript:alert(1)'>x</a>",
    "<a href='\u00a0javascript:alert(1)'>x</a>",
    "<a href='\u2028javascript:alert(1)'>x</a>",
    "<a href='\u200bjavascript:alert(1)'>x</a>",
    "<a href='\ufeffjavascript:alert(1)'>x</a>",
    "<a href='java\u00adscript:alert(1)'>x</a>",
    "<a href='javascript\u003aalert(1)'>x</a>",
    "<a href='javascript&#58alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='java\u017fcript:alert(1)'>x</a>",
    "<a href='javas\u0441ript:alert(1)'>x</a>",
    "<a href='jav%61script:alert(1)'>x</a>",
    "<a href='javascript://example.com/%0aalert(1)'>x</a>",
    "<a href='feed:javascript:alert(1)'>x</a>",
    "<a href='view-source:javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<a href='DATA:,alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='livescript:alert(1)'>x</a>",
    "<a href='blob:https://example.com/x'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='ftp://example.com/'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='///evil.example'>x</a>",
    "<a href='/\\evil.example'>x</a>",
    "<a href='\\/evil.example'>x</a>",
    "<a href='\\\\evil.example'>x</a>",
    "<a href='/&#92;evil.example'>x</a>",
    "<a href='/\t/evil.example'>x</a>",
    "<a href='/&#10;/evil.example'>x</a>",
    "<a href='/\x00/evil.example'>x</a>",
    "<a href='\u00a0//evil.example'>x</a>",
    "<a href='https:evil.example'>x</a>",
    "<a href='https:/evil.example'>x</a>",
    "<a href='https:///evil.example'>x</a>",
    "<a href='https:\\\\evil.example'>x</a>",
    "<a href='https://bank.example@evil.example/'>x</a>",
    "<a href='https://bank.example\\@evil.example/'>x</a>",
    "<a href='https://[::1'>x</a>",
    "<a href='https://'>x</a>",
    "<a href='http:'>x</a>",
    "<a href='mailto:'>x</a>",
    "<a href=''>x</a>",
    "<a href>x</a>",
    "<a href=/x href=javascript:alert(1)>x</a>",
    "<a href=javascript:alert(1) href=/x>x</a>",
    "<a xlink:href=javascript:alert(1)>x</a>",
    "<a href='/x' ping='//evil.example' download target=_blank>x</a>",
    "<a href='/x' rel='opener preload'>x</a>",
    "<a href=/x><a href=javascript:alert(1)>x</a></a>",
    '<a href="/x" onclick="alert(1)" href=">">x</a>',
    "<a href='/\"onclick=\"alert(1)'>x</a>",
    '<a href=/x"onclick=alert(1)//>x</a>',
    "<a href='https://a.example/&quot; onclick=&quot;alert(1)'>x</a>",
    '<a title="&quot; onclick=&quot;alert(1)" href=/x>x</a>',
    "<a title='\"><img src=x onerror=alert(1)>' href=/x>x</a>",
    "<a href=`javascript:alert(1)`>x</a>",
)

# Redirects that carry something else than the address of an article.
REDIRECTS = tuple(
    f'<a href="https://www.google.com/url?{query}">x</a>'
    for query in (
        "q=javascript:alert(1)&amp;sa=D",
        "q=JaVa%09Script:alert(1)",
        "q=%00javascript%3Aalert(1)",
        "q=%20%20javascript%3Aalert(1)",
        "q=data:text/html,x",
        "q=//evil.example",
        "q=%2F%2Fevil.example",
        "q=/%5Cevil.example",
        "q=https:%5C%5Cevil.example",
        "q=",
        "sa=D",
        "url=javascript:alert(1)",
        "q=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Djavascript%3Aalert(1)",
        "q=https%3A%2F%2Fgoogle.de%2Furl%3Furl%3Ddata%3A%2Cx",
        "q=javascript:alert(1)&amp;q=https://ok.example/",
        "q=https://bank.example%40evil.example/",
        "q=%FF%FEjavascript:alert(1)",
        "q=https://ok.example/%22onclick=%22alert(1)",
    )
)

# Markup that means one thing to the sanitizer and another to the browser afterwards.
MUTATIONS = (
    "<svg><style><a id='</style><img src=x onerror=alert(1)>'></a></style></svg>",
    "<svg></p><style><a title='</style><img src=x onerror=alert(1)>'>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) /></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
    "<svg><desc><p>words</desc></svg>",
    "<svg><svg></svg><script>alert(1)</script>",
    "<svg><title><style></title></style><img src=x onerror=alert(1)></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<math href='javascript:alert(1)'>x</math>",
    "<math><mi/xlink:href='data:x,<script>alert(1)</script>'>x</mi></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<noscript><style></noscript><img src=x onerror=alert(1)></style>",
    "<title><p title='</title><img src=x onerror=alert(1)>'></title>",
    "<textarea><p title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<style><p title='</style><img src=x onerror=alert(1)>'></style>",
    "<iframe><p title='</iframe><img src=x onerror=alert(1)>'></iframe>",
    "<noembed><p title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<noframes><p title='</noframes><img src=x onerror=alert(1)>'></noframes>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<template><img src=x onerror=alert(1)></template>",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<select><template><img src=x onerror=alert(1)></template></select>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "<table><td><table><script>alert(1)</script></table>",
    "<table><a href=javascript:alert(1)>x<tr><td></table>",
    "<table><style><tr></style><img src=x onerror=alert(1)></table>",
    "<p><table><p></table><script>alert(1)</script>",
    "<a href=/x><table><a href=/y>x</table></a>",
    "<b><a href=/x><p><i></b>words</a></i></p>",
    "<option><style></option></select><img src=x onerror=alert(1)></style>",
    "<p>\u0338 onclick=alert(1) words</p>",
    "<p>&#x338; onclick=alert(1) words</p>",
    "<strong>\u0301\u0338 onclick=alert(1)</strong>",
    "<p>&lt;\u0338script&gt;</p>",
    "<p>&amp;lt;script&amp;gt;alert(1)</p>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<p>&lt\u037escript&gt\u037e</p>",
    "<p>&#60;img src=x onerror=alert(1)&#62;</p>",
    "<p>&#x3c&#x73cript&#x3e</p>",
    "<p>&#xd800;&#x110000;&#xfffe;&#1;&#127;&#x85;</p>",
    "<p \x00>x\x00y\x08z\x7f\x85</p\x00>",
    "\ud800<p>\udfff</p>",
    "<p><!-- --><!--",
    "<p",
    "</",
    "<",
    "<a href='/x",
    '<a title="<p>',
    "</p></div></table></body></html><script>alert(1)</script>",
)

# References that break out of their attribute, or refer to something else than they may.
REFERENCES = (
    '<figure data-image="12\'"></figure>',
    '<figure data-image="12&quot; onclick=&quot;alert(1)"></figure>',
    "<figure data-image='12 onclick=alert(1)'></figure>",
    '<figure data-image="-1"></figure>',
    '<figure data-image="1e3"></figure>',
    '<figure data-image="\u0663"></figure>',
    '<figure data-image="\uff11\uff12"></figure>',
    '<figure data-image="12345678901"></figure>',
    '<figure data-image="12\n"></figure>',
    '<figure data-image="../../12"></figure>',
    '<figure data-image=""></figure>',
    '<figure data-image="12" data-size="wide onclick=alert(1)"></figure>',
    '<figure data-image="12" data-other="x" class="y"></figure>',
    '<figure data-image="12"><img src=x onerror=alert(1)><figcaption onclick=alert(1)>x</figcaption></figure>',
    '<figure data-image="12"><figcaption><figure data-image="13"></figcaption></figure>',
    '<figure data-embed="javascript:alert(1)"></figure>',
    '<figure data-embed="http://www.youtube.com/watch?v=abcdefghijk"></figure>',
    '<figure data-embed="https://www.youtube.com.evil.example/watch?v=abcdefghijk"></figure>',
    '<figure data-embed="https://evil.example/https://youtu.be/abcdefghijk"></figure>',
    '<figure data-embed="https://youtu.be@evil.example/abcdefghijk"></figure>',
    '<figure data-embed="https://www.youtube.com/redirect?q=//evil.example"></figure>',
    '<figure data-embed="https://127.0.0.1/embed/abcdefghijk"></figure>',
    '<figure data-embed="https://x.com/a/status/1&quot; onload=&quot;alert(1)"></figure>',
    '<figure data-graphic="1;drop table"></figure>',
    '<aside data-article="0x10"></aside>',
    '<aside data-article="5"><script>alert(1)</script><aside data-article="6"></aside></aside>',
    '<aside data-quote="&quot;><script>alert(1)</script>">words</aside>',
    '<sup data-note="1&quot;><img src=x onerror=alert(1)>">1</sup>',
    '<sup data-note="javascript:1">1</sup>',
    "<sup data-note=1><script>alert(1)</script></sup>",
    '<ol data-notes="x" start="-1"><li onclick=alert(1)>words</ol>',
    '<ol start="1e9"><li>words</ol>',
    '<table><tr><td colspan="999999999" rowspan="-3" scope="x">words</table>',
)

KINDS = {
    "scripts": SCRIPTS,
    "handlers": HANDLERS,
    "links": LINKS,
    "redirects": REDIRECTS,
    "mutations": MUTATIONS,
    "references": REFERENCES,
}
VECTORS = tuple(vector for vectors in KINDS.values() for vector in vectors)

_NUMBER = r"[0-9]{1,10}"
_PROVIDER = (
    r"https://(www\.youtube\.com/watch\?v=[\w-]{11}|vimeo\.com/[0-9]+|x\.com/\w+/status/[0-9]+"
    r"|datawrapper\.dwcdn\.net/\w{5}/|bsky\.app/profile/[a-z0-9.:-]+/post/[a-z0-9]+)"
)
_HREF = r"(https?://[^/\\@\s?#]+([/?#][^\\\s]*)?|mailto:[^\\\s]+|tel:[^\\\s]+|/|/[^/\\\s][^\\\s]*|[?#][^\\\s]*)"
_ATTRIBUTES = {
    ("a", "href"): _HREF,
    ("a", "title"): r"(?s).{1,300}",
    ("a", "rel"): r"sponsored|ugc|sponsored ugc",
    ("aside", "data-article"): _NUMBER,
    ("aside", "data-quote"): "",
    ("figure", "data-embed"): _PROVIDER,
    ("figure", "data-graphic"): _NUMBER,
    ("figure", "data-image"): _NUMBER,
    ("figure", "data-size"): "inline|wide|full|small",
    ("ol", "data-notes"): "",
    ("ol", "start"): r"[1-9][0-9]{0,3}",
    ("sup", "data-note"): _NUMBER,
    ("td", "colspan"): r"[1-9][0-9]{0,2}",
    ("td", "rowspan"): r"[1-9][0-9]{0,2}",
    ("th", "colspan"): r"[1-9][0-9]{0,2}",
    ("th", "rowspan"): r"[1-9][0-9]{0,2}",
    ("th", "scope"): "row|col|rowgroup|colgroup",
}
_VOID = {"br", "hr"}
_TAGS = _VOID | set(
    "p h2 h3 strong em s sub sup ul ol li blockquote cite table thead tbody tr th td a"  # noqa: SIM905
    " figure figcaption aside".split()
)


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if not re.fullmatch(_ATTRIBUTES.get((tag, name), "(?!)"), value or "", re.ASCII):
                self.faults.append(f"<{tag} {name}={value!r}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self.handle_decl(data)

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"<?{data}>")


def faults(html: str) -> list[str]:
    """Everything in the HTML that the allow-list does not name; unclosed and crossing tags, too."""
    judge = _Judge()
    judge.feed(html)
    judge.close()
    return judge.faults + [f"<{tag}> is not closed" for tag in judge.open]
