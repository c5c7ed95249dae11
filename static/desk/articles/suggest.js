// Names from the desk while one types.

/** Calls `ask` once the typing has paused for 150 ms. */
export function paused(ask) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(...args), 150);
  };
}

/** The names that the desk offers for a text; none when it does not answer. */
export async function names(address, text) {
  const response = await fetch(`${address}?${new URLSearchParams({ q: text })}`, {
    headers: { Accept: "application/json" },
  });
  if (!response.ok) return [];
  const { results } = await response.json();
  return results;
}
