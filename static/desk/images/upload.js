// Many pictures at once: each is a request of its own with its own progress and its own result, a
// few at a time. Without this the form sends them all in one request.
import { element } from "../editor/dialog.js";
import { lacks } from "../editor/image-dialog.js";

const LOGGED_OUT = "You are logged out, or may not upload. Log in again in another tab, then try again.";
const BROKEN = "The upload broke off. Check the connection and try again.";
const KILOBYTE = 1_024;

const sizeOf = ({ size }) =>
  size < KILOBYTE ** 2 ? `${Math.ceil(size / KILOBYTE)} KB` : `${(size / KILOBYTE ** 2).toFixed(1)} MB`;

/** Sends one file with the words for all; resolves to `{status, told}`, rejects with a sentence.
    A status of 403 comes without a word: the token of this page may be out of date. */
function send(form, file, onProgress) {
  return new Promise((resolve, reject) => {
    const data = new FormData(form);
    data.set("original", file);
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.upload);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("error", () => reject(BROKEN));
    request.addEventListener("load", () => {
      const { status } = request;
      if (status === 403) return resolve({ status });
      if (!request.responseURL.endsWith(form.dataset.upload)) return reject(LOGGED_OUT);
      if (status === 413) return reject(form.dataset.tooLarge);
      if (![200, 400, 409].includes(status)) return reject(`The server refused the upload (${status}). Try again in a moment.`);
      try {
        resolve({ status, told: JSON.parse(request.responseText) });
      } catch {
        reject(`The server refused the upload (${status}). Try again in a moment.`);
      }
    });
    request.send(data);
  });
}

/** After another login the token of this page is out of date: takes a fresh one, if there is one. */
async function renewToken(form) {
  try {
    const response = await fetch(window.location.href, { redirect: "manual" });
    if (!response.ok) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-upload] [name=csrfmiddlewaretoken]")?.value;
    if (fresh) form.elements.csrfmiddlewaretoken.value = fresh;
    return Boolean(fresh);
  } catch {
    return false;
  }
}

/** A line of the list: what it says of its file, and the button that tries again. */
function makeRow(file, retry) {
  const frame = element("span", { class: "upload-row__frame" });
  const bar = element("progress", { max: "1", value: "0", "aria-label": `Upload of ${file.name}` });
  const said = element("span", { class: "upload-row__said" }, "Waits.");
  const again = element("button", { type: "button", class: "button", hidden: true, "aria-label": `Try ${file.name} again` }, "Try again");
  const name = element("span", { class: "upload-row__name" }, file.name, element("small", {}, ` ${sizeOf(file)}`));
  const line = element("li", { class: "upload-row" }, frame, name, bar, said, again);
  again.addEventListener("click", retry);

  const show = (state, ...content) => {
    line.className = `upload-row upload-row--${state}`;
    bar.hidden = state !== "sending";
    again.hidden = state !== "failed";
    said.replaceChildren(...content);
  };
  const open = (told, words) => element("a", { href: told.url }, words);
  const thumbnail = ({ thumb }) => frame.replaceChildren(thumb ? element("img", { src: thumb, alt: "" }) : "");

  return {
    line,
    again,
    waits: () => show("waiting", "Waits."),
    sends(part) {
      show("sending", part < 1 ? `${Math.round(part * 100)} %` : "Looking at it…");
      bar.value = part;
      if (part === 1) bar.removeAttribute("value");
    },
    stored(told) {
      thumbnail(told);
      const missing = lacks(told).map((words) => element("span", { class: "picture-mark picture-mark--missing" }, words));
      show("stored", "In the library. ", ...missing, " ", open(told, missing.length ? "Complete it" : "Open"));
    },
    isThere(told) {
      thumbnail(told);
      show("refused", `${told.errors.original.join(" ")} `, open(told, "Open that picture"));
    },
    refused: (sentence) => show("refused", sentence),
    failed: (sentence) => show("failed", sentence),
  };
}

/** Sentences by field as one; the words for all are named by their labels. */
function sentenceOf(form, errors) {
  return Object.entries(errors)
    .map(([name, sentences]) => {
      const label = name === "original" ? "" : form.querySelector(`label[for=id_${CSS.escape(name)}]`)?.textContent;
      return `${label ? `${label} ` : ""}${sentences.join(" ")}`;
    })
    .join(" ");
}

function enhance(form) {
  const { maxBytes, atOnce, sideBySide, tooLarge } = form.dataset;
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-list]");
  const progress = form.querySelector("[data-progress]");
  const next = form.querySelector("[data-next]");
  const drop = form.querySelector("[data-drop]");
  // What was chosen, as long as it is not in the library and not refused for good.
  const waiting = [];
  const failed = [];
  let sending = 0;
  let stored = 0;
  let turned = 0;

  const tell = () => {
    const open = waiting.length + sending;
    const parts = [
      open ? `${open} to go` : "",
      stored ? `${stored} in the library` : "",
      turned ? `${turned} not taken` : "",
      failed.length ? `${failed.length} to try again` : "",
    ];
    progress.textContent = parts.filter(Boolean).join(", ");
    next.hidden = open > 0 || stored === 0;
  };

  const fail = (job, sentence) => {
    failed.push(job);
    job.row.failed(sentence);
  };

  const one = async (job) => {
    const { file, row } = job;
    row.sends(0);
    try {
      const sends = (part) => row.sends(part);
      let answer = await send(form, file, sends);
      if (answer.status === 403 && (await renewToken(form))) answer = await send(form, file, sends);
      const { status, told } = answer;
      if (status === 403) {
        fail(job, LOGGED_OUT);
      } else if (status === 200) {
        stored += 1;
        row.stored(told);
      } else if (status === 409) {
        turned += 1;
        row.isThere(told);
      } else if (told.errors.original) {
        turned += 1;
        row.refused(sentenceOf(form, told.errors));
      } else {
        // The words for all are wrong: they can be mended, and no other picture is sent with them.
        fail(job, sentenceOf(form, told.errors));
        for (const other of waiting.splice(0)) fail(other, "Waits until that is mended.");
      }
    } catch (sentence) {
      if (typeof sentence !== "string") throw sentence;
      fail(job, sentence);
    }
  };

  const work = async () => {
    while (waiting.length && sending < Number(sideBySide)) {
      const job = waiting.shift();
      sending += 1;
      one(job).finally(() => {
        sending -= 1;
        tell();
        work();
      });
    }
    tell();
  };

  const take = (files) => {
    const chosen = [...files];
    const room = Math.max(0, Number(atOnce) - waiting.length - sending);
    for (const file of chosen.slice(0, room)) {
      const job = { file };
      job.row = makeRow(file, () => {
        failed.splice(failed.indexOf(job), 1);
        job.row.waits();
        job.row.line.tabIndex = -1;
        job.row.line.focus();
        waiting.push(job);
        work();
      });
      list.append(job.row.line);
      if (file.size > Number(maxBytes)) {
        turned += 1;
        job.row.refused(tooLarge);
      } else {
        waiting.push(job);
      }
    }
    for (const file of chosen.slice(room)) {
      const row = makeRow(file, () => {});
      row.refused(`${atOnce} at once are taken. Choose this one again when the others are there.`);
      turned += 1;
      list.append(row.line);
    }
    tell();
  };

  form.querySelector("[data-with-scripts]").hidden = false;
  form.querySelector("[data-without-scripts]").hidden = true;
  input.addEventListener("change", () => {
    take(input.files);
    // Taken over: another choice adds to these, and the form sends each by itself.
    input.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.dataset.drop = "here";
    });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) drop.dataset.drop = "";
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.dataset.drop = "";
    take(event.dataTransfer.files);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    waiting.push(...failed.splice(0));
    for (const { row } of waiting) row.waits();
    if (!waiting.length && !sending) {
      progress.textContent = "Choose the pictures first.";
      input.focus();
      return;
    }
    work();
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting.length || failed.length || sending) event.preventDefault();
  });
}

document.querySelectorAll("[data-upload]").forEach(enhance);
