// Unsaved texts in this browser, for as long as the desk cannot be reached. By user: whoever logs in
// here next is not offered another's text. A copy goes as soon as the desk has the text.
const PREFIX = "newsroom:unsaved:";
const KEEP_MS = 30 * 24 * 60 * 60 * 1000;

const keyOf = (user, mark) => `${PREFIX}${user}:${mark}`;

/** Whether the copy could be written: the browser may have no room or forbid it. */
export function remember(user, mark, copy) {
  try {
    localStorage.setItem(keyOf(user, mark), JSON.stringify({ ...copy, mark, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function forget(user, mark) {
  try {
    localStorage.removeItem(keyOf(user, mark));
  } catch {
    // A browser without storage holds no copy either.
  }
}

/** The user's copies. What is too old or cannot be read is thrown away. */
export function copies(user) {
  const found = [];
  try {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(keyOf(user, "")))) {
      const copy = read(key);
      if (copy && Date.now() - copy.at < KEEP_MS) found.push(copy);
      else localStorage.removeItem(key);
    }
  } catch {
    return [];
  }
  return found;
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}
