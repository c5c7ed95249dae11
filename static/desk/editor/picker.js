// A searchable list of things to pick from, for pictures and articles alike.
import { debounced, element, fetchJSON, icon, newId } from "./dialog.js";

/**
 * A search box above a list of buttons. Arrows walk through the list (rows and columns as they are
 * laid out), Enter in the box goes to the first hit, Enter on a hit picks it.
 * `search` names the box, `one(row)` gives what a button shows, `pick(row)` gets the choice,
 * `parameters(text, page)` the query. `emptiness(text)` is the sentence when nothing is found.
 */
export function picker({ address, search, one, pick, emptiness, className = "" }) {
  const boxId = newId("search");
  const box = element("input", { type: "search", id: boxId, placeholder: search, autocomplete: "off", autofocus: true });
  const list = element("ul", { class: `desk-picker__list ${className}`, "aria-label": search });
  const status = element("p", { class: "desk-picker__status", role: "status" });
  const more = element("button", { type: "button", class: "button desk-button--quiet", hidden: true }, "Show more");
  const buttons = () => [...list.querySelectorAll("button")];
  let turn = 0;
  let next = null;

  const add = (row) => {
    const button = element("button", { type: "button", tabindex: "-1", class: "desk-picker__item" }, one(row));
    button.addEventListener("click", () => pick(row));
    list.append(element("li", {}, button));
  };

  const load = async (page = 1) => {
    const mine = ++turn;
    list.setAttribute("aria-busy", "true");
    try {
      const found = await fetchJSON(address, { q: box.value.trim(), term: box.value.trim(), page });
      if (mine !== turn) return;
      if (page === 1) list.replaceChildren();
      found.results.forEach(add);
      next = found.next ?? (found.pagination?.more ? page + 1 : null);
      status.textContent = list.children.length ? "" : emptiness(box.value.trim());
    } catch (error) {
      if (mine === turn) status.textContent = error.message;
    }
    if (mine !== turn) return;
    list.removeAttribute("aria-busy");
    more.hidden = next === null;
    const [first] = buttons();
    if (first && !list.querySelector("[tabindex='0']")) first.tabIndex = 0;
  };

  const focus = (button) => {
    for (const other of buttons()) other.tabIndex = other === button ? 0 : -1;
    button.focus();
  };

  box.addEventListener("input", debounced(() => load()));
  box.addEventListener("keydown", async (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    if (event.key === "Enter") await load();
    const [first] = buttons();
    if (first) focus(first);
  });
  list.addEventListener("keydown", (event) => {
    const target = neighbour(buttons(), event.target, event.key);
    if (target === null) return;
    event.preventDefault();
    if (target === undefined) box.focus();
    else focus(target);
  });
  more.addEventListener("click", async () => {
    const before = buttons().length;
    await load(next);
    const added = buttons()[before];
    if (added) focus(added);
  });

  load();
  const label = element("label", { for: boxId, class: "desk-picker__label" }, search);
  const head = element("div", { class: "desk-picker__search" }, label, icon("search"), box);
  return { head, body: element("div", { class: "desk-picker" }, list, status, more) };
}

/** The one of a grid, or a list, that a key leads to; undefined is "back to the box", null "not our key". */
export function neighbour(all, current, key) {
  const at = all.indexOf(current);
  const top = (one) => Math.round(one.getBoundingClientRect().top);
  const columns = all.findIndex((button) => top(button) !== top(all[0]));
  const row = columns === -1 ? all.length : columns;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row };
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  if (!(key in steps)) return null;
  if (key === "ArrowUp" && at < row) return undefined;
  return all[at + steps[key]] ?? current;
}
