"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);

  // Tables: a button in each heading sorts by its column, numbers by their exact value.
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const original = [...body.rows];
    table.querySelectorAll("thead th").forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        const numeric = head.classList.contains("num");
        const next = before === "none" ? (numeric && column ? "descending" : "ascending")
          : before === (numeric && column ? "descending" : "ascending")
            ? (numeric && column ? "ascending" : "descending") : "none";
        table.querySelectorAll("thead th").forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", next);
        const value = (row) => {
          const cell = row.cells[column];
          return numeric ? BigInt(cell.dataset.v || "0") : cell.textContent;
        };
        const order = (a, b) => {
          const x = value(a), y = value(b);
          return typeof x === "bigint" ? (x < y ? -1 : x > y ? 1 : 0) : x.localeCompare(y, "en", { numeric: true });
        };
        const rows = [...original];
        if (next !== "none") rows.sort((a, b) => (next === "ascending" ? order(a, b) : order(b, a)));
        body.append(...rows);
      });
    });
  }

  // Derivations: a number shows how it was reached; without a script its link leads to the same place.
  const dialog = document.getElementById("sum");
  const inside = document.getElementById("sum-body");
  document.addEventListener("click", (event) => {
    const link = event.target.closest ? event.target.closest("a.why") : null;
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const head = document.createElement("h2");
    head.id = "sum-head";
    head.textContent = target.closest("details").querySelector("summary").textContent;
    const list = document.createElement("dl");
    const copy = target.cloneNode(true);
    copy.removeAttribute("id");
    list.append(copy);
    inside.replaceChildren(head, list);
    dialog.showModal();
    dialog.addEventListener("close", () => link.focus(), { once: true });
  });
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.closest("details");
    if (details) { details.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();

  // The explorer: everything that is drawn is looked up in the tables of the page.
  const svg = (parent, name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    parent.append(element);
    return element;
  };
  const pair = (tables, index, unit) => {
    const start = tables[index][2 * unit];
    return start === null || start === undefined ? null : [start, tables[index][2 * unit + 1]];
  };
  const plane = (canvas, size, box) => {
    // One axis is drawn as a strip, of three the last two.
    const shape = size.length > 1 ? size.slice(-2) : [1, size[0] || 1];
    const field = box.length > 1 ? box.slice(-2) : [[0, 0], box[0]];
    canvas.replaceChildren();
    const low = field.map((span) => Math.min(0, span ? span[0] : 0));
    const high = field.map((span, axis) => Math.max(shape[axis], span ? span[1] + 1 : 0));
    const k = 300 / Math.max(high[0] - low[0], high[1] - low[1]);
    const draw = (y0, y1, x0, x1, style) => svg(canvas, "rect", Object.assign(
      { x: (x0 - low[1]) * k, y: (y0 - low[0]) * k, width: Math.max((x1 - x0) * k, 1), height: Math.max((y1 - y0) * k, 1) }, style));
    draw(0, shape[0], 0, shape[1], { fill: "#dfe3e8", stroke: "#4a4a4a" });
    if (field.every(Boolean)) {
      draw(field[0][0], field[0][1] + 1, field[1][0], field[1][1] + 1,
        { fill: "#D55E00", "fill-opacity": 0.35, stroke: "#D55E00", "stroke-dasharray": "5 3", class: "field" });
      const inner = field.map((span, axis) => [Math.max(0, span[0]), Math.min(shape[axis], span[1] + 1)]);
      if (inner.every((span) => span[0] < span[1])) {
        draw(inner[0][0], inner[0][1], inner[1][0], inner[1][1], { fill: "#D55E00", "fill-opacity": 0.45, stroke: "#9c4500" });
      }
    }
  };
  const say = (box) => box.map((span) => (span ? `${span[0]} … ${span[1]}` : "nothing")).join(" by ");
  for (const explorer of document.querySelectorAll(".explorer")) {
    const network = data[explorer.dataset.network];
    const select = explorer.querySelector("select");
    const axes = explorer.querySelector(".axes");
    const result = explorer.querySelector(".result");
    network.layers.forEach((layer, at) => select.append(new Option(`${layer.id} (${layer.size.join("×")})`, at)));
    let units = [];
    const show = () => {
      const layer = network.layers[select.value];
      const input = network.inputs[layer.plane];
      const box = layer.fields.map((table, axis) => (table === null ? null : pair(network.spans, table, units[axis])));
      const everything = layer.fields.some((table) => table === null);
      const whole = (size) => size.map((length) => [0, length - 1]);
      plane(explorer.querySelector(".plane.input"), input.size, everything ? whole(input.size) : box);
      const reads = layer.reads === "all" ? whole(layer.source.size)
        : layer.reads === "same" ? units.map((unit) => [unit, unit])
          : layer.reads.map((table, axis) => pair(network.spans, table, units[axis]));
      plane(explorer.querySelector(".plane.source"), layer.source.size, reads);
      const sees = everything ? (layer.status === "whole input" ? "the whole input" : `${layer.status}: ${layer.reason}`)
        : `${say(box)} of ${input.name} (${input.size.join("×")})`;
      result.textContent = `Unit (${units.join(", ")}) of ${layer.id} sees ${sees}; it reads ${say(reads)} of ${layer.source.name}. Positions count from 0; those outside are padding.`;
    };
    const choose = () => {
      const layer = network.layers[select.value];
      units = layer.size.map((size) => Math.floor(Math.min(size, network.max_units) / 2));
      axes.replaceChildren();
      layer.size.forEach((size, axis) => {
        const label = document.createElement("label");
        const slider = document.createElement("input");
        const output = document.createElement("output");
        Object.assign(slider, { type: "range", min: 0, max: Math.min(size, network.max_units) - 1, value: units[axis] });
        output.textContent = units[axis];
        const names = layer.size.length === 2 ? ["row", "column"] : layer.size.length === 1 ? ["position"] : ["depth", "row", "column"];
        label.append(names[axis], slider, output);
        slider.addEventListener("input", () => {
          units[axis] = Number(slider.value);
          output.textContent = slider.value;
          show();
        });
        axes.append(label);
      });
      show();
    };
    select.addEventListener("change", choose);
    const known = network.layers.findLastIndex((layer) => layer.fields.every((table) => table !== null));
    select.value = Math.max(known, 0);
    choose();
    explorer.hidden = false;
  }
})();
