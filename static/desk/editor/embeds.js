// Which addresses become embeds. Twin of `embed()` in newsroom/richtext/addresses.py, which has the last word
// when a story is saved; tests/desk/test_editor.py holds the two together.
const PROVIDERS = [
  [
    "YouTube",
    /^https:\/\/(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com\/(?:watch\?(?:[^#\s]*&)?v=|shorts\/|live\/|embed\/)|youtu\.be\/)([\w-]{11})(?:[/?&#]\S*)?$/,
    "https://www.youtube.com/watch?v=",
    "",
  ],
  [
    "Vimeo",
    /^https:\/\/(?:(?:www\.)?vimeo\.com\/|player\.vimeo\.com\/video\/)([0-9]{5,12})(?:[/?#]\S*)?$/,
    "https://vimeo.com/",
    "",
  ],
  ["X", /^https:\/\/(?:www\.|mobile\.)?(?:x|twitter)\.com\/(\w{1,15}\/status\/[0-9]{1,20})(?:[/?#]\S*)?$/, "https://x.com/", ""],
  [
    "Datawrapper",
    /^https:\/\/(?:datawrapper\.dwcdn\.net\/|www\.datawrapper\.de\/_\/)([A-Za-z0-9]{5})(?:[/?#]\S*)?$/,
    "https://datawrapper.dwcdn.net/",
    "/",
  ],
  ["Bluesky", /^https:\/\/bsky\.app\/profile\/([a-z0-9.:-]{3,100}\/post\/[a-z0-9]{5,20})(?:[/?#]\S*)?$/, "https://bsky.app/profile/", ""],
];

export const PROVIDER_NAMES = PROVIDERS.map(([name]) => name);

/** `{provider, address}` with the one canonical address, or null when nobody we know is behind it. */
export function embedOf(text) {
  const given = text.trim();
  for (const [provider, pattern, start, end] of PROVIDERS) {
    const match = pattern.exec(given);
    if (match) return { provider, address: start + match[1] + end };
  }
  return null;
}
