// The page's one stream of server-sent events. The browser comes again by itself after a break and names the last event it has.

const sign = document.getElementById('live');

function show(state, text) {
  sign.hidden = false;
  sign.dataset.state = state;
  const label = sign.querySelector('.live-text');
  if (label.textContent !== text) {
    label.textContent = text;
  }
}

/**
 * Listens to what comes in. A page that nobody sees lets go of its stream, as browsers allow few to a server, and goes on where it was.
 * @param {URLSearchParams|string} query what is wanted: nothing for the fleet, or device and run
 * @param {Record<string, (data: any) => void>} handlers by the event's name; "reset" means that events were missed
 */
export function listen(query, handlers) {
  let source = null, silence = null, last = '';

  const close = () => {
    clearTimeout(silence);
    source?.close();
    source = null;
  };

  const heard = event => {
    last = event.lastEventId || last;
    show('live', 'Live');
    clearTimeout(silence);
    // The server says "ping" every 15 seconds: three missed, and the line is dead although nobody said so.
    silence = setTimeout(open, 45_000);
  };

  function open() {
    close();
    const wanted = new URLSearchParams(query);
    if (last) { wanted.set('after', last); }
    source = new EventSource(`/live?${wanted}`);
    source.addEventListener('open', heard);
    source.addEventListener('ping', heard);
    source.addEventListener('error', () => {
      show('waiting', 'Reconnecting');
      // After an answer that is no stream, as a proxy gives while the dashboard starts, the browser does not come again.
      if (source?.readyState === EventSource.CLOSED) {
        clearTimeout(silence);
        silence = setTimeout(open, 5_000);
      }
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

/** Calls a function now and then however often it is asked for: at once, then after each interval in which somebody asked. */
export function throttled(milliseconds, act) {
  let timer = null, asked = false;
  const run = async () => {
    asked = false;
    timer = setTimeout(() => { timer = null; if (asked) { run(); } }, milliseconds);
    try {
      await act();
    } catch (error) {
      console.warn(error);
    }
  };
  return () => { asked = true; if (timer === null) { run(); } };
}
