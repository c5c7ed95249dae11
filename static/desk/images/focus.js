// The focal point of a picture: a click on it, dragging, or the arrow keys on the mark, fill in the
// two number fields; what is typed there moves the mark. Below it the crops are shown as they will
// be cut, while the mark is moving and before anything is saved. Without this the fields still work, and the crops are those that are stored.

const STEP = 0.01;
const LEAP = 0.1;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const within = (value) => Math.min(1, Math.max(0, value));
const rounded = (value) => Math.round(within(value) * 100) / 100;
const percent = (value) => `${Math.round(value * 100)} %`;

function enhance(root) {
  const x = document.getElementById(root.dataset.focalX);
  const y = document.getElementById(root.dataset.focalY);
  if (!x || !y) return;
  const picture = root.querySelector(".focal__picture");
  const said = root.querySelector(".focal__said");
  const mark = movable(root.querySelector(".focal__mark"));
  root.dataset.movable = "";

  const point = () => [x, y].map((field) => (field.value === "" ? 0.5 : within(Number(field.value))));
  const show = () => {
    const [left, top] = point();
    mark.style.setProperty("--focus-x", `${left * 100}%`);
    mark.style.setProperty("--focus-y", `${top * 100}%`);
    for (const crop of root.querySelectorAll(".focal__crop")) cut(crop, picture, left, top);
    return `Focal point: ${percent(left)} from the left, ${percent(top)} from the top.`;
  };
  const move = (left, top) => {
    x.value = rounded(left);
    y.value = rounded(top);
    for (const field of [x, y]) {
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    said.textContent = show();
  };

  const follow = (event) => {
    // Measured on the picture itself: the box around it may be wider.
    const box = picture.getBoundingClientRect();
    move((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  for (const held of [picture, mark]) {
    held.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      // Otherwise the browser would drag the picture away, or take the focus from the mark.
      event.preventDefault();
      held.setPointerCapture(event.pointerId);
      if (held === picture) follow(event);
      mark.focus({ preventScroll: true });
    });
    held.addEventListener("pointermove", (event) => {
      if (held.hasPointerCapture(event.pointerId)) follow(event);
    });
  }
  mark.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [left, top] = point();
    const by = event.shiftKey ? LEAP : STEP;
    move(left + arrow[0] * by, top + arrow[1] * by);
  });
  x.addEventListener("input", show);
  y.addEventListener("input", show);
  show();
}

/** The crop as newsroom/images/recipes.py makes it: the point as near to its middle as the edges
    allow. object-position counts the part that is left over instead. */
function cut(crop, picture, left, top) {
  const [across, down] = crop.dataset.ratio.split("/").map(Number);
  const shape = (picture.getAttribute("width") * down) / (picture.getAttribute("height") * across);
  const place = (point, share) =>
    share < 1 ? `${within((point - share / 2) / (1 - share)) * 100}%` : "50%";
  crop.src = picture.src;
  crop.style.setProperty("--cut-x", place(left, Math.min(1, 1 / shape)));
  crop.style.setProperty("--cut-y", place(top, Math.min(1, shape)));
}

/** The painted mark becomes one that the keyboard reaches. */
function movable(painted) {
  const mark = document.createElement("button");
  mark.type = "button";
  mark.className = painted.className;
  mark.setAttribute("aria-label", "Focal point. The arrow keys move it, with Shift in larger steps.");
  painted.replaceWith(mark);
  return mark;
}

document.querySelectorAll("[data-focal-x]").forEach(enhance);
