// How a page stays up to date: its one stream of server-sent events, what is done now and then because of them, and the sign in the head
// that says whether all of it works.

/** Between a failure and the next try. */
const RetryAfter = 5_000;
/** The longest wait for a stream that is refused: each wait is twice the one before. */
const LongestWait = 320_000;

const sign = document.getElementById('live');
/** What has failed and not succeeded since: the page may show something old. */
const failing = new Set();
/** Of the stream: empty before there is one, "live", "waiting" or "off" when it is refused. */
let stream = '';

function showSign() {
  const isLive = stream === 'live' && failing.size === 0;
  const text = isLive ? 'Live' : { waiting: 'Reconnecting', off: 'No live updates' }[stream] ?? 'Not up to date';
  sign.hidden = false;
  sign.dataset.state = isLive ? 'live' : stream === 'off' ? 'off' : 'waiting';
  const label = sign.querySelector('.live-text');
  // A status is read out when it is written, even if it is the same.
  if (label.textContent !== text) {
    label.textContent = text;
  }
}

function streamIs(state) {
  stream = state;
  showSign();
}

/**
 * Listens to what comes in. A page that nobody sees lets go of its stream, as browsers allow few to a server, and goes on where it was.
 * The browser comes again by itself after a break and names the last event that it has.
 * @param {URLSearchParams|string} query what is wanted: nothing for the fleet, or device and run
 * @param {Record<string, (data: any) => void>} handlers by the event's name; "reset" means that events were missed
 */
export function listen(query, handlers) {
  // What came while the page was made and loaded is told first.
  let source = null, silence = null, last = document.body.dataset.live, wait = RetryAfter;

  const close = () => {
    clearTimeout(silence);
    source?.close();
    source = null;
  };

  const heard = event => {
    last = event.lastEventId || last;
    wait = RetryAfter;
    streamIs('live');
    clearTimeout(silence);
    // The server says "ping" every 15 seconds: three missed, and the line is dead although nobody said so.
    silence = setTimeout(open, 45_000);
  };

  function open() {
    close();
    const wanted = new URLSearchParams(query);
    wanted.set('after', last);
    source = new EventSource(`/live?${wanted}`);
    source.addEventListener('open', heard);
    source.addEventListener('ping', heard);
    source.addEventListener('error', () => {
      if (source?.readyState !== EventSource.CLOSED) {
        streamIs('waiting');
        return;
      }

      // After an answer that is no stream the browser does not come again: there are too many streams, or a proxy answers while the
      // dashboard starts. The page shows what it has. Pages that were refused together do not come again together.
      streamIs('off');
      clearTimeout(silence);
      silence = setTimeout(open, wait * (0.75 + 0.5 * Math.random()));
      wait = Math.min(2 * wait, LongestWait);
    });
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, event => {
        heard(event);
        handle(event.data ? JSON.parse(event.data) : null);
      });
    }
  }

  document.addEventListener('visibilitychange', () => document.hidden ? close() : source ?? open());
  addEventListener('pagehide', close);
  addEventListener('pageshow', event => { if (event.persisted) { open(); } });
  if (!document.hidden) { open(); }
}

/** What the page shows was deleted: nothing more comes. */
let isGone = false;
document.addEventListener('gone', () => { isGone = true; });

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/**
 * Does something now and then however often it is asked for: at once, then after each interval in which somebody asked, and never twice at
 * the same time, so that no old answer comes behind a new one. What fails is shown in the head and tried again.
 * @param {number} milliseconds the interval
 * @param {() => any} act may be asynchronous
 * @returns {() => void} asks for it
 */
export function throttled(milliseconds, act) {
  let isAsked = false, isBusy = false;
  const run = async () => {
    isBusy = true;
    while (isAsked && !isGone) {
      isAsked = false;
      const interval = pause(milliseconds);
      try {
        await act();
        if (failing.delete(run)) { showSign(); }
      } catch (error) {
        console.warn(error);
        failing.add(run);
        showSign();
        isAsked = true;
        await pause(RetryAfter);
      }
      await interval;
    }
    isBusy = false;
  };
  return () => {
    isAsked = true;
    if (!isBusy) { run(); }
  };
}

/** Does something every so often while somebody sees the page, and when they see it again: that a board falls silent is no event. */
export function repeated(milliseconds, act) {
  const actIfSeen = () => { if (!document.hidden) { act(); } };
  setInterval(actIfSeen, milliseconds);
  document.addEventListener('visibilitychange', actIfSeen);
}
