// What the editor shows of rows that a body only names by id: asked for together, once per page.
import { fetchJSON } from "./dialog.js";

const libraries = new Map();

/** The library behind an address: `get(id)` resolves to the row or null, `put(row)` remembers one. */
export function library(address) {
  if (!libraries.has(address)) libraries.set(address, makeLibrary(address));
  return libraries.get(address);
}

function makeLibrary(address) {
  const known = new Map();
  let waiting = null;

  const load = async (ids) => {
    const { results } = await fetchJSON(address, { id: ids });
    return new Map(results.map((row) => [String(row.id), row]));
  };

  return {
    get(id) {
      const key = String(id);
      if (known.has(key)) return known.get(key);
      if (!waiting) {
        waiting = { ids: [], rows: null };
        const batch = waiting;
        batch.rows = Promise.resolve().then(() => {
          waiting = null;
          return load(batch.ids);
        });
      }
      waiting.ids.push(key);
      const row = waiting.rows.then((rows) => rows.get(key) ?? null);
      row.catch(() => known.delete(key));
      known.set(key, row);
      return row;
    },
    put(row) {
      known.set(String(row.id), Promise.resolve(row));
    },
  };
}
