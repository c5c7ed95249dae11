// Topics as chips over the one text box that is posted: names with commas between, in their order.
import { names, paused } from "./suggest.js";

const tidy = (text) => text.replace(/\s+/g, " ").replaceAll('"', "").trim();
const fold = (text) => text.normalize("NFKC").toLowerCase();

/** The names in the posted text; quotes keep a comma inside a name. */
function namesIn(text) {
  return [...text.matchAll(/"([^"]*)"|[^,\n]+/g)].map((match) => tidy(match[1] ?? match[0])).filter(Boolean);
}

function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function topics(posted) {
  const id = posted.id;
  const label = document.querySelector(`label[for="${id}"]`);
  const chips = make("ul", { class: "topics__chips", "aria-label": "Topics, in order" });
  const listId = `${id}_offered`;
  const list = make("ul", { class: "topics__offered", role: "listbox", id: listId, "aria-label": "Known topics" });
  const box = make("input", {
    type: "text", id: `${id}_box`, class: "topics__box", role: "combobox", autocomplete: "off",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId, placeholder: "Add a topic",
  });
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (posted.hasAttribute(name)) box.setAttribute(name, posted.getAttribute(name));
  }
  const status = make("p", { class: "topics__status", role: "status" });
  const root = make("div", { class: "topics" }, chips, box, list, status);
  let chosen = namesIn(posted.value);
  let offered = [];
  let at = -1;
  let turn = 0;

  const write = () => {
    posted.value = chosen.map((name) => (name.includes(",") ? `"${name}"` : name)).join(", ");
    posted.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const close = () => {
    offered = [];
    at = -1;
    turn += 1;
    list.replaceChildren();
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };

  const show = () => {
    list.replaceChildren(
      ...offered.map((name, index) => {
        const option = make("li", { role: "option", id: `${listId}_${index}`, "aria-selected": String(index === at) }, name);
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          add(name);
        });
        return option;
      }),
    );
    list.hidden = offered.length === 0;
    box.setAttribute("aria-expanded", String(offered.length > 0));
    if (at >= 0) box.setAttribute("aria-activedescendant", `${listId}_${at}`);
    else box.removeAttribute("aria-activedescendant");
  };

  const draw = () => {
    chips.replaceChildren(...chosen.map(chip));
    chips.hidden = chosen.length === 0;
  };

  const remove = (name) => {
    chosen = chosen.filter((other) => other !== name);
    status.textContent = `${name} removed`;
    write();
    draw();
    box.focus();
  };

  const move = (name, step) => {
    const from = chosen.indexOf(name);
    const to = from + step;
    if (to < 0 || to >= chosen.length) return;
    [chosen[from], chosen[to]] = [chosen[to], chosen[from]];
    status.textContent = `${name} is number ${to + 1}`;
    write();
    draw();
    chips.children[to].querySelector("button").focus();
  };

  function chip(name) {
    const button = make("button", { type: "button", "aria-label": `Remove ${name}`, title: "Arrow keys move it" }, "×");
    button.addEventListener("click", () => remove(name));
    button.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) {
        event.preventDefault();
        move(name, step);
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        remove(name);
      }
    });
    return make("li", { class: "topics__chip" }, make("span", {}, name), button);
  }

  function add(text) {
    for (const name of namesIn(text)) {
      if (!chosen.some((other) => fold(other) === fold(name))) chosen.push(name);
    }
    box.value = "";
    close();
    write();
    draw();
  }

  const ask = paused(async () => {
    const text = box.value.trim();
    const mine = ++turn;
    const found = text ? await names(posted.dataset.topics, text).catch(() => []) : [];
    if (mine !== turn) return;
    offered = found.map((row) => row.label).filter((name) => !chosen.some((other) => fold(other) === fold(name)));
    at = -1;
    show();
  });

  box.addEventListener("input", () => {
    if (box.value.includes(",") && !box.value.trimStart().startsWith('"')) add(box.value);
    else ask();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (at >= 0) add(offered[at]);
      else if (box.value.trim()) add(box.value);
    } else if (event.key === "Escape" && offered.length) {
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && !box.value && chosen.length) {
      remove(chosen.at(-1));
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && offered.length) {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + offered.length + 1) % (offered.length + 1);
      if (at === offered.length) at = -1;
      show();
    }
  });
  // What was typed and not confirmed counts, too.
  box.addEventListener("blur", () => (box.value.trim() ? add(box.value) : close()));
  posted.form.addEventListener("submit", () => box.value.trim() && add(box.value), true);

  posted.hidden = true;
  if (label) label.htmlFor = box.id;
  posted.after(root);
  close();
  draw();
}
