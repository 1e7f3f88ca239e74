// Asks every ten seconds whether the board has changed, and says so when it cannot tell.
"use strict";
(() => {
  const EVERY = 10000;
  const board = document.getElementById("board");
  const freshness = document.getElementById("freshness");
  let etag = `W/"${board.dataset.etag}"`;
  let waiting = count(board);
  let words = "This page is up to date.";

  function count(part) {
    return Number(part.querySelector("#lists").dataset.waiting);
  }

  function say(sentence, stale) {
    if (freshness.textContent !== sentence) {
      freshness.textContent = sentence;
    }
    freshness.classList.toggle("stale", stale);
  }

  function show(fresh) {
    board.replaceChildren(...fresh.childNodes);
    const now = count(board);
    document.title = now ? `(${now}) Today` : "Today";
    words = now > waiting ? "A new case is waiting." : "This page is up to date.";
    waiting = now;
  }

  async function ask() {
    const answer = await fetch(location.pathname, {
      headers: { "If-None-Match": etag },
      cache: "no-store",
      signal: AbortSignal.timeout(EVERY),
    });
    if (answer.redirected) {
      location.assign(answer.url);
    } else if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      etag = answer.headers.get("ETag");
      show(page.getElementById("board"));
    } else if (answer.status !== 304) {
      throw new Error(answer.statusText);
    }
  }

  async function poll() {
    try {
      await ask();
      say(words, false);
    } catch {
      say("No connection to the service: this page may be old. Trying again.", true);
    }
    setTimeout(poll, EVERY);
  }

  document.title = waiting ? `(${waiting}) Today` : "Today";
  setTimeout(poll, EVERY);
})();
