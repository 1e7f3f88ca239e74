// The phones and the request log: follows /sim/log and /sim/requests, every word set as text.
"use strict";

const KNOWN = {
  "+12025550121": "Member",
  "+12025550111": "Volunteer 1",
  "+12025550112": "Volunteer 2 (es)",
  "+12025550119": "Supervisor",
  "+12025550150": "Stranger",
  "+12025550122": "Member 2",
  "+12025550123": "Member 3",
  "+12025550219": "Supervisor (night)",
  "+12025550218": "Supervisor 2 (night)",
};
const FIRST = ["+12025550121", "+12025550111", "+12025550112", "+12025550119", "+12025550150"];
const KEPT = "phones";
const ROWS = 200;

const phones = new Map();
const messages = [];
const answers = new Map();
let lines = [];

const byId = (id) => document.getElementById(id);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const clockTime = (at) => new Date(at).toLocaleTimeString([], { hour: "numeric", minute: "2-digit", second: "2-digit" });

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// ---- phones

function addPhone(number) {
  if (phones.has(number)) {
    phones.get(number).input.focus();
    return;
  }
  const root = byId("phone").content.cloneNode(true).querySelector(".phone");
  const name = KNOWN[number] || "Phone";
  root.dataset.phone = number;
  root.setAttribute("aria-label", `${name} ${number}`);
  root.querySelector(".name").textContent = name;
  root.querySelector(".number").textContent = number;
  const phone = {
    number,
    root,
    talk: root.querySelector(".talk"),
    input: root.querySelector("input[name=body]"),
    line: root.querySelector("select[name=line]"),
  };
  phone.talk.setAttribute("aria-label", `Texts on ${number}`);
  phone.input.setAttribute("aria-label", `Text from ${number}`);
  for (const line of lines) phone.line.append(new Option(line, line));
  phone.line.addEventListener("change", () => redraw(phone));
  root.querySelector(".remove").setAttribute("aria-label", `Remove ${number}`);
  root.querySelector(".remove").addEventListener("click", () => removePhone(phone));
  root.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    send(phone);
  });
  phones.set(number, phone);
  byId("phones").append(root);
  redraw(phone);
  keep();
}

function removePhone(phone) {
  phone.root.remove();
  phones.delete(phone.number);
  keep();
  byId("add-number").focus();
}

function keep() {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...phones.keys()]));
  } catch {
    // a browser without storage starts with the usual phones again
  }
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) || FIRST;
  } catch {
    return FIRST;
  }
}

async function send(phone) {
  const body = phone.input.value;
  if (!body) return;
  phone.input.value = "";
  try {
    const answer = await fetch("/sim/texts", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ from: phone.number, to: phone.line.value, body }),
    });
    if (!answer.ok) throw new Error((await answer.json()).error || answer.statusText);
  } catch (trouble) {
    phone.talk.append(element("li", "lost", `Not sent: ${trouble.message}`));
    phone.input.value = body;
  }
}

// ---- bubbles

function redraw(phone) {
  phone.talk.replaceChildren(element("li", "empty", "No texts yet."));
  for (const message of messages) show(phone, message, false);
}

function show(phone, message, fresh) {
  if (message.handset !== phone.number || message.line !== phone.line.value) return;
  phone.talk.querySelector(".empty")?.remove();
  const atEnd = phone.talk.scrollHeight - phone.talk.scrollTop - phone.talk.clientHeight < 60;
  phone.talk.append(drawn(message, fresh));
  if (atEnd || !fresh) phone.talk.scrollTop = phone.talk.scrollHeight;
}

function drawn(message, fresh) {
  const sent = message.direction === "inbound";
  if (!sent && message.state !== "delivered") {
    return element("li", "lost", `A text did not arrive: ${message.state}, error ${message.error_code}`);
  }
  const bubble = element("li", `bubble ${sent ? "out" : "in"}${fresh ? " new" : ""}`);
  bubble.dataset.sid = message.sid;
  const words = message.num_media ? `${message.body} [picture × ${message.num_media}]`.trim() : message.body;
  bubble.append(element("span", "words", words), element("span", "meta", meta(message)));
  return bubble;
}

function meta(message) {
  const at = new Date(message.at).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  if (message.direction !== "inbound") return at;
  const answer = answers.get(message.sid);
  if (!answer) return `${at} · on its way`;
  return answer.good ? `${at} · delivered` : `${at} · ${answer.text}`;
}

// ---- the request log

function noteAnswer(entry) {
  if (entry.kind !== "webhook" || entry.purpose === "status") return;
  const good = entry.status !== null && entry.status < 300;
  answers.set(entry.sid, { good, text: entry.status === null ? "no answer" : `answer ${entry.status}` });
  const message = messages.find((each) => each.sid === entry.sid);
  if (!message) return;
  for (const bubble of document.querySelectorAll(`[data-sid="${CSS.escape(entry.sid)}"] .meta`)) {
    bubble.textContent = meta(message);
  }
}

function addRow(entry) {
  const row = element("tr");
  row.dataset.kind = entry.kind;
  const what = entry.kind === "webhook" ? `webhook: ${entry.purpose}` : entry.kind === "api" ? `API ${entry.method}` : "debugger";
  const verdict = entry.kind === "webhook" ? entry.signature : entry.auth ? `login ${entry.auth}` : "";
  const about = [entry.sid ? `…${entry.sid.slice(-6)}` : "", entry.message_status || ""].join(" ").trim();
  const status = entry.status === undefined ? "" : entry.status === null ? "none" : String(entry.status);
  const answer = entry.error_code ? `${status} (${entry.error_code})`.trim() : status;
  const cells = [clockTime(entry.at), what, shortened(entry.url), about, answer, entry.ms ?? "", entry.attempts ?? "", verdict];
  for (const text of cells) row.append(element("td", "", String(text)));
  row.children[2].className = "address";
  row.children[4].className = entry.error_code || status === "none" ? "bad" : "good";
  row.children[7].className = verdict.endsWith("valid") ? "good" : "bad";
  const table = byId("requests");
  table.prepend(row);
  while (table.children.length > ROWS) table.lastChild.remove();
}

const shortened = (url) => (url || "").replace(/\/2010-04-01\/Accounts\/AC[0-9a-f]+/, "/…");

// ---- following the journals

// One long poll a tab (a browser opens few connections to one host); the other asks each second.
async function follow(path, wait, take) {
  let after = 0;
  let journal = null;
  for (;;) {
    try {
      const answer = await fetch(`${path}?after=${after}&wait=${wait}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const now = answer.headers.get("Journal");
      if (journal && now !== journal) location.reload();
      journal = now;
      const entries = (await answer.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
      for (const entry of entries) take(entry, after > 0);
      after = entries.reduce((most, entry) => Math.max(most, entry.n), after || 0) || after;
      state(true);
      if (!wait) await pause(1000);
    } catch {
      state(false);
      await pause(1500);
    }
  }
}

function state(connected) {
  const place = byId("state");
  const words = connected ? "Connected" : "The local Twilio does not answer; trying again …";
  if (place.textContent !== words) place.textContent = words;
  place.classList.toggle("away", !connected);
}

function takeMessage(message, fresh) {
  messages.push(message);
  for (const phone of phones.values()) show(phone, message, fresh);
}

function takeRequest(entry) {
  noteAnswer(entry);
  addRow(entry);
}

async function begin() {
  try {
    lines = await (await fetch("/sim/lines")).json();
  } catch {
    state(false);
    setTimeout(begin, 1500);
    return;
  }
  for (const [number, name] of Object.entries(KNOWN)) byId("known").append(new Option(name, number));
  for (const number of kept()) addPhone(number);
  byId("add").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = byId("add-number");
    const number = field.value.replace(/[\s().-]/g, "");
    if (!number) return;
    addPhone(number);
    phones.get(number).input.focus();
    field.value = "";
  });
  follow("/sim/log", 25, takeMessage);
  follow("/sim/requests", 0, takeRequest);
}

begin();
