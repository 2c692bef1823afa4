// Plays the streams of a session side by side on one clock, segment after segment. Each pane has two videos: one is
// seen, the other already loads what comes next. Others speak to it by events on the document:
// desk:seek {ms} moves the clock; desk:moved {ms} tells that it moved.
(() => {
  const box = document.getElementById("player");
  if (!box) return;

  const SEAM_MS = 2000;
  const STEP_MS = 5000;
  const PRELOAD_MS = 15000;
  const TICK_MS = 100;
  const SPEEDS = [0.5, 1, 1.5, 2, 4, 8, 16];
  const words = box.dataset;
  const length = Number(words.length);
  const memory = `desk-place-${document.getElementById("desk").dataset.case}`;
  const panes = [...document.querySelectorAll(".pane[data-stream]")].map((figure) => ({
    figure,
    videos: [...figure.querySelectorAll("video")],
    gap: figure.querySelector("[data-gap]"),
    segments: [],
    segment: null,
  }));
  let at = Math.min(Number(sessionStorage.getItem(memory)) || 0, length);
  let isPlaying = false;
  let speed = 1;
  let lastLoad = 0;

  const seen = (pane) => pane.videos.find((video) => !video.hidden) ?? pane.videos[0];
  const spare = (pane) => pane.videos.find((video) => video !== seen(pane));
  const endOf = (segment) => segment.start_ms + segment.duration_ms;
  const covering = (pane, ms) => pane.segments.find((one) => one.start_ms <= ms && ms < endOf(one)) ?? null;
  const after = (pane, ms) => pane.segments.find((one) => one.start_ms >= ms) ?? null;
  const say = (text) => { box.querySelector("[data-note]").textContent = text; };
  const asTime = (ms) => new Date(Math.max(0, ms)).toISOString().slice(11, 19);

  function give(video, segment) {
    if (video.dataset.url === segment.url) return;
    video.dataset.url = segment.url;
    video.src = segment.url;
    video.playbackRate = speed;
  }

  function setTime(video, seconds) {
    const place = () => { video.currentTime = Math.max(0, seconds); };
    if (video.readyState > 0) place();
    else video.addEventListener("loadedmetadata", place, { once: true });
  }

  function showGap(pane, isGap) {
    pane.gap.hidden = !isGap;
    pane.figure.classList.toggle("is-gap", isGap);
  }

  // Puts the moment on the pane. `exactly` after a seek; while playing, small drift is left alone.
  function show(pane, ms, exactly) {
    const segment = covering(pane, ms);
    if (!segment) {
      const next = after(pane, ms);
      const isSeam = !exactly && pane.segment && next && next.start_ms - ms <= SEAM_MS;
      seen(pane).pause();
      if (!isSeam) { pane.segment = null; showGap(pane, true); }
      return;
    }
    const seconds = (ms - segment.start_ms) / 1000;
    if (segment !== pane.segment) change(pane, segment, seconds);
    else if (exactly || Math.abs(seen(pane).currentTime - seconds) > 0.3 * Math.max(1, speed)) setTime(seen(pane), seconds);
    showGap(pane, false);
    if (isPlaying && seen(pane).paused && !seen(pane).ended) seen(pane).play().catch(() => {});
  }

  function change(pane, segment, seconds) {
    pane.segment = segment;
    if (spare(pane).dataset.url === segment.url) {
      const [old, fresh] = [seen(pane), spare(pane)];
      fresh.muted = old.muted;
      fresh.playbackRate = speed;
      fresh.hidden = false;
      old.hidden = true;
      old.pause();
    } else {
      give(seen(pane), segment);
    }
    setTime(seen(pane), seconds);
  }

  function preload(pane) {
    if (!pane.segment || endOf(pane.segment) - at > PRELOAD_MS * Math.max(1, speed)) return;
    const next = after(pane, endOf(pane.segment) - 1);
    if (next && next !== pane.segment) give(spare(pane), next);
  }

  // Where the clock is by the first pane that plays; null while all of them wait for bytes.
  function heard() {
    for (const pane of panes) {
      const video = seen(pane);
      if (!pane.segment) continue;
      if (video.ended) {
        if (at >= endOf(pane.segment)) continue;
        return endOf(pane.segment);
      }
      if (video.readyState >= 2 && !video.seeking) {
        return Math.min(pane.segment.start_ms + video.currentTime * 1000, endOf(pane.segment));
      }
      return null;
    }
    return at;
  }

  function tick() {
    if (!isPlaying) return;
    const now = heard();
    if (now === null) return;
    at = now;
    if (!panes.some((pane) => covering(pane, at))) {
      const starts = panes.map((pane) => after(pane, at)?.start_ms ?? Infinity);
      const next = Math.min(...starts);
      if (next === Infinity) { at = Math.min(at, length); pause(); return; }
      if (next - at > SEAM_MS) say(words.wordsSkipped);
      at = next;
    }
    for (const pane of panes) { show(pane, at, false); preload(pane); }
    tell();
  }

  function tell() {
    box.querySelector("[data-clock]").textContent = asTime(at);
    sessionStorage.setItem(memory, String(Math.round(at)));
    document.dispatchEvent(new CustomEvent("desk:moved", { detail: { ms: at } }));
  }

  function seek(ms) {
    at = Math.min(Math.max(0, ms), length);
    say("");
    for (const pane of panes) show(pane, at, true);
    tell();
  }

  function play() {
    isPlaying = true;
    if (at >= length) at = 0;
    for (const pane of panes) show(pane, at, false);
    named();
  }

  function pause() {
    isPlaying = false;
    for (const pane of panes) for (const video of pane.videos) video.pause();
    named();
    tell();
  }

  function named() {
    box.querySelector("[data-words]").textContent = isPlaying ? words.wordsPause : words.wordsPlay;
  }

  function setSpeed(step) {
    speed = SPEEDS[Math.min(Math.max(SPEEDS.indexOf(speed) + step, 0), SPEEDS.length - 1)];
    for (const pane of panes) for (const video of pane.videos) video.playbackRate = speed;
    box.querySelector("[data-speed]").textContent = `${speed}×`;
  }

  const actions = {
    toggle: () => (isPlaying ? pause() : play()),
    back: () => seek(at - STEP_MS),
    on: () => seek(at + STEP_MS),
    slower: () => setSpeed(-1),
    faster: () => setSpeed(1),
  };
  box.addEventListener("click", (event) => actions[event.target.closest("[data-do]")?.dataset.do]?.());
  document.addEventListener("desk:seek", (event) => seek(event.detail.ms));

  async function load() {
    lastLoad = Date.now();
    const answer = await fetch(words.playlist, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.status === 403) { pause(); say(words.wordsOver); box.querySelector("[data-over]").hidden = false; return; }
    if (!answer?.ok) { say(words.wordsFailed); setTimeout(load, STEP_MS); return; }
    const list = await answer.json();
    for (const pane of panes) {
      const stream = list.streams.find((one) => one.name === pane.figure.dataset.stream);
      renew(pane, stream?.segments ?? []);
    }
    setTimeout(load, Math.max(list.renew_in_ms, STEP_MS));
  }

  // Fresh addresses for the same segments; what plays goes on with the old one.
  function renew(pane, segments) {
    const place = pane.segment?.start_ms;
    pane.segments = segments;
    pane.segment = segments.find((one) => one.start_ms === place) ?? null;
    if (pane.segment) seen(pane).dataset.url = pane.segment.url;
    show(pane, at, !isPlaying);
  }

  for (const pane of panes) {
    for (const video of pane.videos) {
      video.addEventListener("error", () => {
        if (!video.src || Date.now() - lastLoad < STEP_MS) return;
        say(words.wordsFailed);
        for (const other of pane.videos) delete other.dataset.url;
        pane.segment = null;
        load();
      });
      video.addEventListener("loadedmetadata", () => {
        if (!video.hidden) pane.figure.querySelector("[data-size]").textContent = `${video.videoWidth} × ${video.videoHeight}`;
      });
    }
  }
  setInterval(tick, TICK_MS);
  load().then(tell);
})();
